import './panel.css'

export { Customers } from './list/customers.tsx'
