import './panel.css'

export { CustomerOrders } from './customer/customer-orders.tsx'
export { OrderList as Orders } from './list/order-list.tsx'
