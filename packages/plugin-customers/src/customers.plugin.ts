import { columnConditions, ConditionTypes, traitConditions } from '@clientele/conditions'
import { definePlugin, provide, type Plugin, type ShapeOf } from '@clientele/core'
import { Customer } from './customer/customer.entity.ts'
import { customerRoutes } from './customer/customer.routes.ts'
import { createCustomersService, Customers } from './customer/customer.service.ts'
import type { CustomersTables } from './customers.tables.ts'
import { m0001Customers } from './migrations/0001-customers.ts'

const impl = definePlugin({
  id: 'customers',
  version: '0.1.0',
  requires: { core: '^0.1.0' },
  entities: [Customer],
  migrations: { '0001-customers': m0001Customers },
  permissions: {
    'customers:read': { label: 'See customers', roles: ['admin', 'editor', 'viewer'] },
    'customers:write': { label: 'Create, change and remove customers', roles: ['admin', 'editor'] },
  },
  services: () => [provide(Customers, { factory: createCustomersService })],
  routes: customerRoutes,
  contributes: [
    ConditionTypes.add(columnConditions('attribute', Customer)),
    ConditionTypes.add(traitConditions('trait', Customer, 'traits')),
  ],
})

/** The plugin's routes as typed calls. */
export interface CustomersApi extends Readonly<ShapeOf<typeof impl>['api']> {}
/** What the plugin adds to its host's types. */
export interface CustomersShape {
  readonly id: 'customers'
  readonly tables: CustomersTables
  readonly api: CustomersApi
}

/** Customers and their traits: the plugin every other one refers to. */
export const customers: (() => Plugin<CustomersShape>) & { readonly pluginId: 'customers' } = impl
