import * as z from 'zod'
import { defineExtensionPoint } from '../plugin/extension-point.ts'

/** Per-tenant settings of one kind: versioned, validated, a form in the admin. */
// `any`: kinds of unrelated types stand in one list.
export interface Settings<T = any> {
  readonly $$type: 'clientele/settings'
  /** Plugin id or `plugin.part`. */
  readonly name: string
  readonly schema: z.ZodType<T>
}

/**
 * Declares settings. Every field needs a default, so that a new tenant works at once.
 *
 * @example
 * export const StockSettings = defineSettings('inventory', z.object({ lowStockAt: z.number().int().default(5) }))
 */
export function defineSettings<S extends z.ZodType>(name: string, schema: S): Settings<z.output<S>> {
  return { $$type: 'clientele/settings', name, schema: schema as unknown as z.ZodType<z.output<S>> }
}

/** Every kind the installed plugins declare; filled by the framework. */
export const SettingsKinds = defineExtensionPoint<Settings>('core.settings')

/** What core knows about a tenant. */
export const TenantSettings = defineSettings(
  'tenant',
  z.object({
    name: z.string().min(1).max(200).default('My shop').describe('Shown to people'),
    currency: z
      .string()
      .regex(/^[A-Z]{3}$/)
      .default('EUR')
      .describe('Reporting currency (ISO 4217): metrics, tiers and money conditions are in it'),
    timeZone: z
      .string()
      .refine(isTimeZone, 'an IANA time zone, such as America/Sao_Paulo')
      .default('UTC')
      .describe('Days, weeks and months begin in this zone'),
    locale: z.string().min(2).max(35).default('en').describe('BCP 47 language tag'),
  }),
)

function isTimeZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
