import type { ComponentChildren } from 'preact'
import { manifest, type ColumnDescription, type DetailDescription, type Field } from '../panel/manifest.ts'
import { Ago } from '../ui/ago.tsx'
import { fieldTitle } from './names.ts'
import { showValue, valueAt, type Row } from './show-value.tsx'

/** A field that a plugin adds to rows of another, as a summary of a row draws it. */
export interface Detail extends Pick<DetailDescription, 'name' | 'place' | 'isSum'> {
  readonly title: string
  /** Its value in a row; null when there is none. */
  readonly show: (row: Row) => ComponentChildren
  /** As {@link Detail.show}, of a value that stands in no row: a sum. */
  readonly showValue: (value: unknown) => ComponentChildren
}

/**
 * What plugins add to the summary of an entity's rows, in their order: for panels that draw a summary of their own.
 * @param entity its name: `customers`
 */
export function detailsOf(entity: string): readonly Detail[] {
  const described = manifest.value?.entities[entity]
  return (manifest.value?.details ?? []).flatMap((detail) => {
    const field = described?.fields.find(({ name }) => name === detail.name)
    if (detail.entity !== entity || !field) return []
    const show = (value: unknown): ComponentChildren =>
      detail.isEmptyAtZero && value === 0 ? null : showAs(detail.format, field, value, entity)
    const { name, place, isSum } = detail
    return {
      name,
      place,
      isSum,
      title: fieldTitle(entity, name),
      show: (row: Row) => show(valueAt(row, name)),
      showValue: show,
    }
  })
}

/** A value in the form that the plugin of its field wants; null when there is none. */
export function showAs(
  format: ColumnDescription['format'],
  field: Field,
  value: unknown,
  entity: string,
): ComponentChildren {
  if (format === undefined || value === null || value === undefined || value === '')
    return showValue(field, value, entity)
  return format === 'ago' ? <Ago at={String(value)} /> : <span class="badge">{String(value)}</span>
}
