import type { PanelDescription } from '../panel/manifest.ts'
import { humanise } from '../words/humanise.ts'
import { t } from '../words/words.ts'

/** What the catalogues call an entity, or its own name. */
export function entityTitle(name: string): string {
  const text = t(`entity.${name}`)
  return text === `entity.${name}` ? humanise(name) : text
}

/** What the catalogues call a column, or its own name. */
export function fieldTitle(entity: string, field: string): string {
  const text = t(`field.${entity}.${field}`)
  return text === `field.${entity}.${field}` ? humanise(nameIn(field)) : text
}

/** What the catalogues call a value of an enum (`field.orders.state.paid`), or its own name. */
export function valueTitle(entity: string, field: string, value: string): string {
  const key = `field.${entity}.${field}.${value}`
  const text = t(key)
  return text === key ? humanise(value) : text
}

/** A panel that no plugin gave a title is called as its entity is. */
export function panelTitle({ title, shows }: PanelDescription): string {
  const text = t(title)
  return text === title && 'entity' in shows ? entityTitle(shows.entity) : text
}

/** What a reference leads to has a name, nobody reads its id; of a path the end says enough. */
function nameIn(field: string): string {
  return field.replace(/^.*\./, '').replace(/(?<=[a-z])Id$/, '')
}
