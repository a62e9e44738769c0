import { ConditionTypes, createLanguage, type Language } from '@clientele/conditions'
import type { Ctx } from '@clientele/core'
import { Customer } from '@clientele/plugin-customers'

const languages = new WeakMap<readonly unknown[], Language>()

/** The condition types of the installed plugins, over customers. */
export function languageOf(ctx: Ctx): Language {
  const types = ctx.extensions(ConditionTypes)
  let known = languages.get(types)
  if (!known) languages.set(types, (known = createLanguage(Customer, types)))
  return known
}
