import type { ComponentChildren } from 'preact'
import { fmt, t } from '@clientele/admin-sdk'
import type { EditorField } from '../language/language.ts'
import { choiceTitle, currency, dateText, operatorTitle } from '../language/words.ts'
import { blankInput } from '../model/blank.ts'
import { Choices, NumberInput, Select, TextInput, type ControlProps } from './controls.tsx'
import { JsonInput } from './json.tsx'
import { useSuggestions } from './suggestions.ts'
import { DayInput, DurationInput, WindowInput } from './time.tsx'
import { Tokens } from './tokens.tsx'

interface ValueProps extends ControlProps {
  readonly input: string
  readonly field: EditorField
  /** Other fields of the same kind, for comparisons with one. */
  readonly alike?: readonly { readonly value: string; readonly label: string }[]
  /** Draws rules about the elements of a list. */
  readonly elements?: (control: ControlProps) => ComponentChildren
}

const COMPARES = ['is', 'isNot', 'gt', 'gte', 'lt', 'lte', 'between']

/** The value of a comparison, by what its operator asks for. */
export function ValueInput(props: ValueProps) {
  const { input, field, label, value, onValue, alike = [], elements } = props
  const both = (Array.isArray(value) ? value : [undefined, undefined]) as readonly unknown[]
  const given = (value ?? {}) as Readonly<Record<string, unknown>>
  const days = (n: number, first: number): readonly number[] =>
    Array.from({ length: n }, (_, at) => at + first)
  if (input === 'none') return null
  if (input === 'value') return <OneValue {...props} />
  if (input === 'pair' || input === 'durations')
    return (
      <span class="pair">
        {both.map((one, at) => (
          <OneValue
            key={at}
            {...props}
            field={input === 'pair' ? field : { ...field, kind: 'duration' }}
            label={t(at === 0 ? 'conditions.parameter.from' : 'conditions.parameter.to')}
            value={one}
            onValue={(next, typing) => onValue(both.with(at, next), typing)}
          />
        ))}
      </span>
    )
  if (input === 'list' && field.values)
    return (
      <Choices
        label={label}
        value={value}
        onValue={onValue}
        options={field.values.map((one) => ({ value: one, label: choiceTitle(one, field.title) }))}
      />
    )
  if (input === 'list' || input === 'texts' || input === 'scalars') return <ListOf {...props} />
  if (input === 'text' || input === 'scalar')
    return <TextInput label={label} value={value} onValue={onValue} />
  if (input === 'day') return <DayInput label={label} value={value} onValue={onValue} />
  if (input === 'duration') return <DurationInput label={label} value={value} onValue={onValue} />
  if (input === 'window') return <WindowInput label={label} value={value} onValue={onValue} />
  if (input === 'field')
    return <Select label={label} value={value} onValue={onValue} options={[EMPTY, ...alike]} />
  if (input === 'jsonType')
    return (
      <Select
        label={label}
        value={value}
        onValue={onValue}
        options={['text', 'number', 'boolean', 'array', 'object'].map((one) => ({
          value: one,
          label: choiceTitle(one),
        }))}
      />
    )
  if (input === 'count')
    return (
      <span class="pair">
        <Select
          label={t('segments.operator')}
          value={given['operator']}
          options={COMPARES.map((one) => ({ value: one, label: operatorTitle(one, 'number') }))}
          onValue={(operator) =>
            onValue({
              operator,
              value: blankInput(operator === 'between' ? 'pair' : 'value', { kind: 'number' }),
            })
          }
        />
        <ValueInput
          {...props}
          field={{ ...field, kind: 'number' }}
          input={given['operator'] === 'between' ? 'pair' : 'value'}
          value={given['value']}
          onValue={(next, typing) => onValue({ ...given, value: next }, typing)}
        />
      </span>
    )
  if (input === 'modulus' || input === 'days' || input === 'years')
    return (
      <span class="pair">
        {(input === 'modulus' ? ['divisor', 'remainder'] : ['from', 'to']).map((name) => (
          <label key={name} class="inline">
            <span>{t(`conditions.parameter.${name}`)}</span>
            <NumberInput
              label={t(`conditions.parameter.${name}`)}
              value={given[name]}
              onValue={(next, typing) => {
                const { [name]: _, ...rest } = given
                onValue(input === 'years' && Number.isNaN(next) ? rest : { ...given, [name]: next }, typing)
              }}
            />
          </label>
        ))}
      </span>
    )
  if (input === 'weekdays')
    return <Choices label={label} value={value} onValue={onValue} options={weekdays()} />
  if (input === 'months') return <Choices label={label} value={value} onValue={onValue} options={months()} />
  if (input === 'monthDays' || input === 'hours')
    return (
      <Choices
        label={label}
        value={value}
        onValue={onValue}
        options={days(input === 'hours' ? 24 : 31, input === 'hours' ? 0 : 1).map((one) => ({
          value: one,
          label: fmt.number(one),
        }))}
      />
    )
  if (input === 'rules' && elements) return <>{elements({ label, value, onValue })}</>
  return <JsonInput label={label} value={value} onValue={onValue} />
}

const EMPTY = { value: '', label: '…' }

/** One value of the field's kind. */
function OneValue({ field, label, value, onValue }: ValueProps) {
  const suggestions = useSuggestions(field.suggest)
  const { kind, values } = field
  if (kind === 'number' || kind === 'integer')
    return <NumberInput label={label} value={value} onValue={onValue} />
  if (kind === 'money') return <NumberInput label={label} value={value} onValue={onValue} unit={currency()} />
  if (kind === 'duration') return <DurationInput label={label} value={value} onValue={onValue} />
  if (kind === 'timestamp') return <DayInput label={label} value={value} onValue={onValue} />
  if (kind === 'boolean')
    return (
      <Select
        label={label}
        value={String(value)}
        options={['true', 'false'].map((one) => ({ value: one, label: t(one === 'true' ? 'yes' : 'no') }))}
        onValue={(next) => onValue(next === 'true')}
      />
    )
  if (values)
    return (
      <Select
        label={label}
        value={value}
        onValue={onValue}
        options={values.map((one) => ({ value: one, label: choiceTitle(one, field.title) }))}
      />
    )
  if (field.suggest?.label)
    return <Select label={label} value={value} onValue={onValue} options={[EMPTY, ...suggestions]} />
  return (
    <TextInput
      label={label}
      value={value}
      onValue={onValue}
      suggestions={suggestions.map((one) => one.value)}
    />
  )
}

function ListOf({ field, label, value, onValue }: ValueProps) {
  const suggestions = useSuggestions(field.suggest)
  return (
    <Tokens
      label={label}
      value={Array.isArray(value) ? (value as unknown[]) : []}
      onValue={onValue}
      isNumber={/number|integer|money/.test(field.kind)}
      suggestions={suggestions.map((one) => one.value)}
    />
  )
}

function weekdays() {
  const names = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']
  return names.map((value, at) => ({
    value,
    // 1 January 2024 was a Monday.
    label: dateText(Date.UTC(2024, 0, 1 + at), { weekday: 'short' }),
  }))
}

function months() {
  return Array.from({ length: 12 }, (_, at) => ({
    value: at + 1,
    label: dateText(Date.UTC(2024, at, 1), { month: 'short' }),
  }))
}
