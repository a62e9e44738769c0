import { Composition, route } from '@clientele/core'
import * as z from 'zod'

const installed = z.object({
  id: z.string(),
  version: z.string(),
  dependsOn: z.array(z.string()),
  shows: z.int().describe('How many panels, pieces and figures it adds to the admin'),
})

export const pluginRoutes = {
  listPlugins: route.get({
    path: '/api/v1/admin/plugins',
    permission: 'plugins:read',
    summary: 'The plugins that this instance is made of, in the order in which they start',
    response: z.object({ items: z.array(installed) }),
    handler: (_, ctx) => {
      const { plugins } = ctx.get(Composition).registry(ctx)
      const items = plugins.map(({ id, plugin: { definition } }) => {
        const { panels = [], slots = [], stats = [] } = definition.admin ?? {}
        return {
          id,
          version: definition.version,
          dependsOn: ((definition.dependsOn ?? []) as readonly { pluginId: string }[]).map(
            (one) => one.pluginId,
          ),
          shows: panels.length + slots.length + stats.length,
        }
      })
      return { items }
    },
  }),
}
