import type { OptionValues } from './command.ts'

/** What was given for an option that takes a text. */
export function textOf(values: OptionValues, name: string): string | undefined {
  return values[name] as string | undefined
}

/** What `--tenant` says, as `cdp.as` takes it. */
export function tenantOf(values: OptionValues): { readonly tenantId?: string } {
  const tenantId = textOf(values, 'tenant')
  return tenantId === undefined ? {} : { tenantId }
}

/** A number as people read it: `1,000,000`. */
export function grouped(count: number): string {
  return count.toLocaleString('en')
}
