import type { AnyEntity } from './entity.ts'

/** An entity's name as words: `orderLines` is `order lines`; one of them is `an order line`. */
export function nounsOf(entity: AnyEntity): { readonly many: string; readonly one: string } {
  const many = words(entity.name)
  const singular = entity.options.singular ?? singularOf(many)
  return { many, one: `${/^[aeiou]/.test(singular) ? 'an' : 'a'} ${singular}` }
}

function words(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

function singularOf(plural: string): string {
  if (plural.endsWith('ies')) return `${plural.slice(0, -3)}y`
  if (/(?:s|x|ch|sh)es$/.test(plural)) return plural.slice(0, -2)
  return plural.replace(/s$/, '')
}
