import type { ComponentChildren } from 'preact'
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

/** The columns of an entity, changed and added to by what its panel says. */
export function listColumns(entity: EntityDescription, own?: readonly ListColumn[]): ListColumns {
  const fields = entity.fields.filter(({ kind }) => kind !== 'json' && kind !== 'id')
  const label = fields.find(({ name }) => name === entity.label)
  const created = fields.filter(({ name }) => name === 'createdAt')
  const others = fields.filter((field) => field !== label && !created.includes(field))
  const sorted = [...(label ? [label] : []), ...others, ...created]
  const derived = sorted.map((field) => columnOf(entity, field, field === label))
  if (!own) {
    const plain = others.filter(({ kind }) => kind !== 'ref').slice(0, SHOWN - 1 - (label ? 1 : 0))
    return {
      all: derived,
      first: [...(label ? [label] : []), ...plain, ...created].map(({ name }) => name),
    }
  }
  const named = own.map((column) => ({
    ...(derived.find(({ name }) => name === column.name) ?? {
      label: column.name,
      width: 160,
      show: () => null,
    }),
    ...column,
  }))
  const names = new Set(own.map(({ name }) => name))
  return { all: [...named, ...derived.filter(({ name }) => !names.has(name))], first: [...names] }
}

const WIDTHS: Readonly<Record<string, number>> = {
  integer: 120,
  real: 120,
  amount: 140,
  money: 140,
  boolean: 110,
  enum: 120,
  timestamp: 185,
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
