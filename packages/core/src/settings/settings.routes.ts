import * as z from 'zod'
import type { Ctx } from '../context/context.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { route } from '../http/route.ts'
import { findSetting } from './read-settings.ts'
import { saveSettings } from './save-settings.ts'
import { SettingsKinds, type Settings } from './settings.ts'

const params = z.object({ name: z.string().describe('Kind of settings: tenant, inventory, …') })
const values = z.record(z.string(), z.json())
const stored = z.object({
  name: z.string(),
  /** 0 while every value is a default. */
  version: z.number().int(),
  value: values,
})

/** Reads and writes a tenant's settings; the kinds come from the installed plugins. */
export const settingsRoutes = {
  getSettings: route.get({
    path: '/api/v1/settings/:name',
    permission: 'settings:read',
    tags: ['settings'],
    summary: 'Settings of one kind, defaults filled in',
    params,
    response: stored,
    async handler({ params: { name } }, ctx) {
      const kind = kindOf(ctx, name)
      const [row, value] = [await findSetting(ctx, name), await ctx.settings(kind)]
      return { name, version: row?.version ?? 0, value: value as z.infer<typeof values> }
    },
  }),
  updateSettings: route.patch({
    path: '/api/v1/settings/:name',
    permission: 'settings:write',
    tags: ['settings'],
    summary: 'Change settings of one kind; fields left out stay as they are',
    params,
    body: values,
    response: stored,
    async handler({ params: { name }, body }, ctx) {
      const kind = kindOf(ctx, name)
      const { version, value } = await ctx.tx((t) => saveSettings(t, kind, body))
      return { name, version, value: value as z.infer<typeof values> }
    },
  }),
}

function kindOf(ctx: Ctx, name: string): Settings {
  const kind = ctx.extensions(SettingsKinds).find((one) => one.name === name)
  if (!kind) throw coreErrors['entity.not_found']({ entity: 'settings', id: name })
  return kind
}
