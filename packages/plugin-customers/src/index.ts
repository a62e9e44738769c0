export { CustomerDetails, type CustomerDetailsSection } from './customer/customer-details.ts'
export {
  Customer,
  type CustomerChanges,
  type CustomerRow,
  type NewCustomer,
} from './customer/customer.entity.ts'
export { Customers, type CustomersService, type CustomerWithDetails } from './customer/customer.service.ts'
export { customers, type CustomersApi, type CustomersShape } from './customers.plugin.ts'
export type { CustomersTables } from './customers.tables.ts'
