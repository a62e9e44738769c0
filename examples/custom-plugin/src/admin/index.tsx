import './panel.css'
export { Balances } from './balances.tsx'
export { CustomerPoints } from './customer-points.tsx'
