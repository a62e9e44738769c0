import type { PanelDescription } from '../panel/manifest.ts'
import { t } from '../words/words.ts'

/** A name of code as people read it: `firstSeenAt` is First seen at. */
function humanise(name: string): string {
  const words = name
    .replace(/^.*\./, '')
    // What a reference leads to has a name: nobody reads its id.
    .replace(/(?<=[a-z])Id$/, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}

/** What the catalogues call an entity, or its own name. */
export function entityTitle(name: string): string {
  const text = t(`entity.${name}`)
  return text === `entity.${name}` ? humanise(name) : text
}

/** What the catalogues call a column, or its own name. */
export function fieldTitle(entity: string, field: string): string {
  const text = t(`field.${entity}.${field}`)
  return text === `field.${entity}.${field}` ? humanise(field) : text
}

/** What the catalogues call a value of an enum (`field.orders.state.paid`), or its own name. */
export function valueTitle(entity: string, field: string, value: string): string {
  const key = `field.${entity}.${field}.${value}`
  const text = t(key)
  return text === key ? humanise(value.replace(/[_-]/g, ' ')) : text
}

/** A panel that no plugin gave a title is called as its entity is. */
export function panelTitle({ title, shows }: PanelDescription): string {
  const text = t(title)
  return text === title && 'entity' in shows ? entityTitle(shows.entity) : text
}
