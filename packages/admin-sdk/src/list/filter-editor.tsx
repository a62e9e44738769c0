import { useState } from 'preact/hooks'
import { RowPicker } from '../entity/row-picker.tsx'
import { valueTitle } from '../entity/names.ts'
import type { EntityDescription } from '../panel/manifest.ts'
import { session } from '../session/session.ts'
import { Field, TextField } from '../ui/field.tsx'
import { t } from '../words/words.ts'
import { dayIn, instantOf, wallTime } from '../words/zone.ts'
import {
  NUMBERS,
  readNumber,
  writeNumber,
  type FieldFilter,
  type FilterField,
  type Operator,
} from './list-filter.ts'

type Values = FieldFilter['values']

interface EditorProps {
  readonly entity: EntityDescription
  readonly field: FilterField
  readonly values: Values
  /** Without values the filter goes. */
  readonly onApply: (values: Values) => void
}

/** What one field is compared by: a choice, a range, a text. Enter applies it. */
export function FilterEditor({ entity, field, values, onApply }: EditorProps) {
  const [next, setNext] = useState<Values>(values)
  const [problem, setProblem] = useState<string | null>(null)
  const change = (changed: Values): void => {
    setProblem(null)
    setNext(changed)
  }
  const apply = (event: Event): void => {
    event.preventDefault()
    event.stopPropagation()
    const checked = checkedValues(field, next)
    if (checked === null) setProblem(t('form.number'))
    else onApply(checked)
  }
  const isEmptiness = next.isNull !== undefined
  return (
    <form class="filter-editor" noValidate onSubmit={apply}>
      {!isEmptiness && (
        <Kind entity={entity} field={field} values={next} onValues={change} onDone={onApply} />
      )}
      {problem && (
        <p class="wrong" role="alert">
          {problem}
        </p>
      )}
      {field.nullable && field.kind !== 'boolean' && (
        <label class="check">
          <input
            type="checkbox"
            checked={next.isNull === 'true'}
            onChange={(event) => change(event.currentTarget.checked ? { isNull: 'true' } : {})}
          />
          {t('filter.on_empty')}
        </label>
      )}
      {field.help && <p class="quiet">{field.help}</p>}
      <button type="submit" class="main">
        {t('filter.apply')}
      </button>
    </form>
  )
}

interface KindProps {
  readonly entity: EntityDescription
  readonly field: FilterField
  readonly values: Values
  readonly onValues: (values: Values) => void
  readonly onDone: (values: Values) => void
}

function Kind(props: KindProps) {
  const { field } = props
  if (field.kind === 'enum') return <OneOf {...props} />
  if (field.kind === 'boolean') return <YesOrNo {...props} />
  if (field.kind === 'timestamp') return <Days {...props} />
  if (field.kind === 'ref') return <Reference {...props} />
  return NUMBERS.has(field.kind) ? <Numbers {...props} /> : <Text {...props} />
}

function OneOf({ entity, field, values, onValues }: KindProps) {
  const chosen = (values.in ?? values.eq ?? '').split(',').filter(Boolean)
  return (
    <fieldset>
      <legend class="unseen">{t('filter.value')}</legend>
      {(field.values ?? []).map((value) => (
        <label key={value} class="check">
          <input
            type="checkbox"
            checked={chosen.includes(value)}
            onChange={(event) => {
              const next = event.currentTarget.checked
                ? [...chosen, value]
                : chosen.filter((one) => one !== value)
              onValues(next.length > 1 ? { in: next.join(',') } : next.length === 1 ? { eq: next[0]! } : {})
            }}
          />
          {valueTitle(entity.name, field.name, value)}
        </label>
      ))}
    </fieldset>
  )
}

function YesOrNo({ field, values, onValues }: KindProps) {
  return (
    <fieldset>
      <legend class="unseen">{t('filter.value')}</legend>
      {['true', 'false'].map((value) => (
        <label key={value} class="check">
          <input
            type="radio"
            name={`filter-${field.name}`}
            checked={values.eq === value}
            onChange={() => onValues({ eq: value })}
          />
          {t(value === 'true' ? 'yes' : 'no')}
        </label>
      ))}
    </fieldset>
  )
}

/** Stands in for a number that is being typed, and is read when the filter is applied. */
const TYPED = '\u0000'

function Numbers({ field, values, onValues }: KindProps) {
  const shown = (operator: 'gte' | 'lte'): string => {
    const value = values[operator] ?? values.eq
    return value?.startsWith(TYPED) ? value.slice(1) : writeNumber(field.kind, value)
  }
  const type = (operator: 'gte' | 'lte', text: string): void => {
    const { eq, gte = eq, lte = eq } = values
    onValues({
      ...(gte && { gte }),
      ...(lte && { lte }),
      [operator]: text.trim() === '' ? undefined : TYPED + text,
    })
  }
  return (
    <div class="range">
      {(['gte', 'lte'] as const).map((operator) => (
        <TextField
          key={operator}
          label={t(operator === 'gte' ? 'filter.from' : 'filter.to')}
          inputMode="decimal"
          autocomplete="off"
          value={shown(operator)}
          onValue={(text) => type(operator, text)}
        />
      ))}
    </div>
  )
}

const PRESETS = [0, 7, 30, 90] as const

function Days({ values, onValues, onDone }: KindProps) {
  const zone = session.value?.tenant.timeZone ?? 'UTC'
  const day = (instant: string | undefined): string =>
    instant === undefined || Number.isNaN(Date.parse(instant)) ? '' : wallTime(instant, zone).slice(0, 10)
  const from = day(values.gte ?? values.gt)
  // Rows up to the end of a day are those before the next.
  const to = day(values.lte ?? (values.lt && new Date(Date.parse(values.lt) - 1).toISOString()))
  const set = (first: string, last: string): Values => ({
    ...(first && { gte: instantOf(first, zone) }),
    ...(last && { lt: instantOf(dayAfter(last), zone) }),
  })
  return (
    <>
      <div class="presets">
        {PRESETS.map((count) => (
          <button key={count} type="button" onClick={() => onDone(set(dayIn(zone, -count), ''))}>
            {count === 0 ? t('filter.today') : t('filter.days', { count })}
          </button>
        ))}
      </div>
      <div class="range">
        <TextField
          label={t('filter.from')}
          type="date"
          value={from}
          onValue={(text) => onValues(set(text, to))}
        />
        <TextField
          label={t('filter.to')}
          type="date"
          value={to}
          onValue={(text) => onValues(set(from, text))}
        />
      </div>
    </>
  )
}

function dayAfter(day: string): string {
  return new Date(Date.parse(`${day}T00:00Z`) + 86_400_000).toISOString().slice(0, 10)
}

function Reference({ field, values, onValues }: KindProps) {
  return (
    <RowPicker
      label={t('filter.value')}
      to={field.to}
      value={values.eq ?? null}
      onValue={(id) => onValues(id === null ? {} : { eq: id })}
    />
  )
}

const TEXTS: readonly Operator[] = ['contains', 'startsWith', 'eq', 'ne']

function Text({ field, values, onValues }: KindProps) {
  const operators = field.kind === 'text' ? TEXTS : (['eq'] as const)
  const [operator, value] = (Object.entries(values)[0] ?? [operators[0], '']) as [Operator, string]
  return (
    <>
      {operators.length > 1 && (
        <Field label={t('filter.operator')}>
          {(control) => (
            <select
              {...control}
              value={operator}
              onChange={(event) => onValues({ [event.currentTarget.value]: value })}
            >
              {operators.map((one) => (
                <option key={one} value={one}>
                  {t(`operator.${one}`)}
                </option>
              ))}
            </select>
          )}
        </Field>
      )}
      <TextField
        label={t('filter.value')}
        autocomplete="off"
        maxLength={200}
        value={value}
        onValue={(text) => onValues({ [operator]: text })}
      />
    </>
  )
}

/** Typed numbers as the API takes them; null when one is none. */
function checkedValues({ kind }: FilterField, values: Values): Values | null {
  const checked: Partial<Record<Operator, string>> = {}
  for (const [operator, value] of Object.entries(values)) {
    if (!value) continue
    const number = value.startsWith(TYPED) ? readNumber(kind, value.slice(1)) : value
    if (number === null) return null
    checked[operator as Operator] = number.trim()
  }
  return checked
}
