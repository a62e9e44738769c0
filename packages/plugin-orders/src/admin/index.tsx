import './panel.css'

export { CustomerOrders } from './customer/customer-orders.tsx'
export { SalesChart } from './dashboard/sales-chart.tsx'
export { OrderList as Orders } from './list/order-list.tsx'
