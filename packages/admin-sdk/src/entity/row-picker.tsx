import { call } from '../api/call.ts'
import { rowName, useRowName } from '../list/row-names.ts'
import { manifest } from '../panel/manifest.ts'
import { Combobox, type Option } from '../ui/combobox.tsx'
import { TextField } from '../ui/field.tsx'
import type { Row } from './show-value.tsx'

/** Which row, and what is wrong with it. */
export interface RowPickerProps {
  readonly label: string
  /** The entity whose rows they are. */
  readonly to: string | undefined
  /** The id of the row. */
  readonly value: string | null
  readonly onValue: (id: string | null) => void
  readonly error?: string | undefined
  readonly hint?: string | undefined
  readonly required?: boolean
}

/** A row of another entity, found by its words. Whoever may not read them types its id. */
export function RowPicker({ label, to, value, onValue, error, hint, required }: RowPickerProps) {
  const entity = to === undefined ? undefined : manifest.value?.entities[to]
  const name = useRowName(entity, value ?? undefined)
  if (!entity)
    return (
      <TextField
        label={label}
        error={error}
        hint={hint}
        required={required}
        value={value ?? ''}
        onValue={(text) => onValue(text.trim() || null)}
      />
    )
  const search = async (text: string, signal: AbortSignal): Promise<readonly Option[]> => {
    const query = new URLSearchParams({ limit: '20' })
    const words = text.trim()
    const label = entity.fields.find((field) => field.name === entity.label)
    if (words && entity.searchable) query.set('q', words)
    else if (words && label?.kind === 'text' && label.filterable) query.set(`${entity.label}.contains`, words)
    const { items } = await call<{ items: readonly Row[] }>(`${entity.path}?${query}`, { signal })
    return items.map((row) => {
      const person = [row['firstName'], row['lastName']].filter(Boolean).join(' ')
      const own = rowName(entity, row)
      return { value: String(row['id']), label: own, ...(person && person !== own ? { hint: person } : {}) }
    })
  }
  return (
    <Combobox
      label={label}
      error={error}
      hint={hint}
      required={required === true}
      value={value}
      valueLabel={name}
      options={search}
      onValue={onValue}
    />
  )
}
