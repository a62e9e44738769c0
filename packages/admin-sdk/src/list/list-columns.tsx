import type { ComponentChildren } from 'preact'
import { showAs } from '../entity/details.tsx'
import { fieldTitle } from '../entity/names.ts'
import { showValue, valueAt, type Row } from '../entity/show-value.tsx'
import { manifest, type EntityDescription, type Field } from '../panel/manifest.ts'
import { rowName, useRowName } from './row-names.ts'
import type { VirtualColumn } from './virtual-table.tsx'

/** A column of an entity's list; what is left out is as the entity says. */
export interface ListColumn {
  /** A field of the entity, or a name of the panel's own. */
  readonly name: string
  readonly label?: string
  readonly sortable?: boolean
  readonly numeric?: boolean
  /** In pixels. */
  readonly width?: number
  readonly show?: (row: Row) => ComponentChildren
}

/** Columns that a list shows before somebody chooses others. */
const SHOWN = 7

/** All columns that a list can show, those it shows at first in front. */
export interface ListColumns {
  readonly all: readonly VirtualColumn<Row>[]
  readonly first: readonly string[]
}

/** The columns of an entity, changed and added to by what its panel and other plugins say. */
export function listColumns(entity: EntityDescription, own?: readonly ListColumn[]): ListColumns {
  const fields = entity.fields.filter(({ kind }) => kind !== 'json' && kind !== 'id')
  const label = fields.find(({ name }) => name === entity.label)
  const created = fields.filter(({ name }) => name === 'createdAt')
  const others = fields.filter((field) => field !== label && !created.includes(field))
  const sorted = [...(label ? [label] : []), ...others, ...created]
  const added = addedColumns(entity)
  const derived = sorted.map((field) => ({
    ...columnOf(entity, field, field === label),
    ...added.find(({ name }) => name === field.name),
  }))
  const addedNames = added.map(({ name }) => name)
  if (!own) {
    const plain = others
      .filter(({ kind, name }) => kind !== 'ref' && !addedNames.includes(name))
      .slice(0, SHOWN - 1 - (label ? 1 : 0))
    const names = [...(label ? [label] : []), ...plain].map(({ name }) => name)
    return { all: derived, first: [...names, ...addedNames, ...created.map(({ name }) => name)] }
  }
  const names = [...new Set([...own.map(({ name }) => name), ...addedNames])]
  const first = names.map((name) => ({
    ...(derived.find((column) => column.name === name) ?? { label: name, width: 160, show: () => null }),
    ...own.find((column) => column.name === name),
    name,
  }))
  return { all: [...first, ...derived.filter(({ name }) => !names.includes(name))], first: names }
}

/** What other plugins show in the list of an entity. */
function addedColumns(entity: EntityDescription): readonly ListColumn[] {
  return (manifest.value?.columns ?? []).flatMap(({ entity: base, name, width, format }) => {
    const field = entity.fields.find((one) => one.name === name)
    if (base !== entity.name || !field) return []
    const show = (row: Row): ComponentChildren =>
      showAs(format, field, valueAt(row, name), base) ?? <span class="quiet">–</span>
    return { name, ...(width === undefined ? {} : { width }), ...(format === undefined ? {} : { show }) }
  })
}

const WIDTHS: Readonly<Record<string, number>> = {
  integer: 120,
  real: 120,
  amount: 140,
  money: 140,
  boolean: 110,
  enum: 120,
  timestamp: 225,
}

const NUMERIC = new Set(['integer', 'real', 'amount', 'money'])

function columnOf(entity: EntityDescription, field: Field, isLabel: boolean): VirtualColumn<Row> {
  return {
    name: field.name,
    label: fieldTitle(entity.name, field.name),
    sortable: field.sortable,
    numeric: NUMERIC.has(field.kind),
    width: isLabel ? 240 : (WIDTHS[field.kind] ?? 145),
    show: (row) => {
      const value = valueAt(row, field.name)
      if (field.kind === 'ref') return <Named to={field.to} id={value} />
      return (
        showValue(field, value, entity.name) ??
        (isLabel ? rowName(entity, row) : <span class="quiet">–</span>)
      )
    },
  }
}

/** What the row that a reference leads to is called. */
function Named({ to, id }: { readonly to: string | undefined; readonly id: unknown }) {
  const entity = to === undefined ? undefined : manifest.value?.entities[to]
  const name = useRowName(entity, typeof id === 'string' ? id : undefined)
  if (typeof id !== 'string') return <span class="quiet">–</span>
  return <>{name ?? id.slice(-8)}</>
}
