import { definePlugin } from '@clientele/core'
import { customers } from '@clientele/plugin-customers'
import { Award, awardColumns } from './award/award.entity.ts'
import { awardRoutes } from './award/award.routes.ts'
import { loyaltyAdmin } from './loyalty.admin.ts'

/** Points for customers. */
export const loyalty = definePlugin({
  id: 'loyalty',
  version: '1.0.0',
  requires: { core: '^0.1.0' },
  dependsOn: [customers],
  entities: [Award],
  migrations: {
    '0001-loyalty': {
      up: (m) => m.createTable({ name: 'loyaltyAwards', columns: awardColumns }),
      down: (m) => m.dropTable('loyaltyAwards'),
    },
  },
  permissions: {
    'loyalty:read': { label: 'See points', roles: ['admin', 'editor', 'viewer'] },
    'loyalty:write': { label: 'Give points', roles: ['admin', 'editor'] },
  },
  routes: awardRoutes,
  admin: loyaltyAdmin,
})
