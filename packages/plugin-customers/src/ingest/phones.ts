import type { Ctx } from '@clientele/core'
import { tenantCountry } from '../customer/customer-values.ts'
import { phoneReader, type ReadPhone } from '../customer/phone.ts'
import type { JsonObject } from './message.ts'

/**
 * How the telephone numbers of these traits are read: with the country they are told of, else with the tenant's. Most
 * traits have none, and nothing is loaded then.
 */
export async function phonesOf(ctx: Ctx, traits: readonly JsonObject[]): Promise<ReadPhone> {
  const texts = traits.flatMap(({ phone }) => (typeof phone === 'string' ? [phone] : []))
  if (texts.length === 0) return () => null
  const read = await phoneReader()
  const isAlone = texts.some((text) => !text.trimStart().startsWith('+'))
  const home = isAlone ? await tenantCountry(ctx) : null
  return (text, country) => read(text, country ?? home)
}
