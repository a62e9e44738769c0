import { instantOf, session, t, wallTime } from '@clientele/admin-sdk'
import { choiceTitle } from '../language/words.ts'
import { NumberInput, Select, TextInput, type ControlProps } from './controls.tsx'

const ROLLING = ['minute', 'hour', 'day', 'week']
const CALENDAR = ['day', 'week', 'month', 'quarter', 'year']

const options = (words: readonly string[], prefix = 'conditions.unit') =>
  words.map((value) => ({ value, label: t(`${prefix}.${value}`) }))

/** A length of time: so many days. */
export function DurationInput({ label, value, onValue }: ControlProps) {
  const { amount, unit } = (value ?? {}) as { readonly amount: number; readonly unit: string }
  return (
    <span class="pair">
      <NumberInput
        label={label}
        value={amount}
        min={1}
        onValue={(next, typing) => onValue({ amount: next, unit }, typing)}
      />
      <Select
        label={t('conditions.parameter.unit')}
        value={unit}
        options={options(ROLLING)}
        onValue={(next) => onValue({ amount, unit: next })}
      />
    </span>
  )
}

/** A day; an instant that stands there already is kept as it is written. */
export function DayInput({ label, value, onValue, ...rest }: ControlProps & { readonly optional?: boolean }) {
  const text = String(value ?? '')
  if (text.length > 10) return <TextInput label={label} value={text} onValue={onValue} />
  return (
    <input
      type="date"
      aria-label={label}
      value={text}
      data-missing={(text === '' && !rest.optional) || undefined}
      onInput={(event) => onValue(event.currentTarget.value, true)}
    />
  )
}

interface Window {
  readonly last?: unknown
  readonly calendar?: string
  readonly from?: number | string
  readonly to?: number | string
}

/** A stretch of time: rolling, by the calendar, or between two days. */
export function WindowInput({ label, value, onValue }: ControlProps) {
  const window = (value ?? {}) as Window
  const form = 'last' in window ? 'last' : 'calendar' in window ? 'calendar' : 'between'
  return (
    <span class="pair">
      <Select
        label={label}
        value={form}
        options={options(['last', 'calendar', 'between'], 'conditions.window.form')}
        onValue={(next) => onValue(STARTS[next as keyof typeof STARTS])}
      />
      {form === 'last' && (
        <DurationInput
          label={label}
          value={window.last}
          onValue={(last, typing) => onValue({ last }, typing)}
        />
      )}
      {form === 'calendar' && <Periods label={label} value={window} onValue={onValue} />}
      {form === 'between' && <Between label={label} value={window} onValue={onValue} />}
    </span>
  )
}

const STARTS = {
  last: { last: { amount: 30, unit: 'day' } },
  calendar: { calendar: 'month', from: 0, to: 0 },
  between: { from: '' },
}

/** Whole periods of the calendar: this month, the six months before. */
function Periods({ value, onValue }: ControlProps<Window>) {
  const [from, to] = [Number(value.from), Number(value.to ?? 0)]
  const span =
    from === to && from === 0
      ? 'this'
      : from === to && from === -1
        ? 'previous'
        : to === -1 && from < to
          ? 'before'
          : to === 0 && from < to
            ? 'upto'
            : 'custom'
  const set = (next: readonly [number, number], typing?: boolean): void =>
    onValue({ calendar: value.calendar, from: next[0], to: next[1] }, typing)
  const starts = {
    this: [0, 0],
    previous: [-1, -1],
    before: [-3, -1],
    upto: [-2, 0],
    custom: [-12, -2],
  } as const
  return (
    <>
      <Select
        label={t('conditions.window.which')}
        value={span}
        options={options(Object.keys(starts), 'conditions.window.span')}
        onValue={(next) => set(starts[next as keyof typeof starts])}
      />
      {(span === 'before' || span === 'upto') && (
        <NumberInput
          label={t('conditions.window.how_many')}
          value={to - from + 1}
          min={2}
          onValue={(count, typing) => set([to - Number(count) + 1, to], typing)}
        />
      )}
      {span === 'custom' && (
        <>
          <NumberInput
            label={t('conditions.parameter.from')}
            value={from}
            onValue={(next, typing) => set([Number(next), to], typing)}
          />
          <NumberInput
            label={t('conditions.parameter.to')}
            value={to}
            onValue={(next, typing) => set([from, Number(next)], typing)}
          />
        </>
      )}
      <Select
        label={t('conditions.parameter.unit')}
        value={value.calendar}
        options={CALENDAR.map((one) => ({ value: one, label: choiceTitle(one) }))}
        onValue={(calendar) => onValue({ ...value, calendar })}
      />
    </>
  )
}

/** Between two days, the second itself included; either may be left out. */
function Between({ value, onValue }: ControlProps<Window>) {
  const { from = '', to = '' } = value as { readonly from?: string; readonly to?: string }
  const set = (next: { readonly from: string; readonly to: string }): void =>
    onValue(
      { ...(next.from || !next.to ? { from: next.from } : {}), ...(next.to ? { to: next.to } : {}) },
      true,
    )
  return (
    <>
      <DayInput
        label={t('conditions.parameter.from')}
        optional={to !== ''}
        value={dayOf(from)}
        onValue={(day) => set({ from: startOf(String(day)), to })}
      />
      <DayInput
        label={t('conditions.parameter.to')}
        optional
        value={to && dayOf(new Date(Date.parse(to) - 1).toISOString())}
        onValue={(day) => set({ from, to: startOf(String(day), 1) })}
      />
    </>
  )
}

const zone = (): string => session.value?.tenant.timeZone ?? 'UTC'

/** The day of an instant in the tenant's zone. */
function dayOf(instant: string): string {
  return instant && wallTime(instant, zone()).slice(0, 10)
}

/** The instant at which a day begins in the tenant's zone, or one so many days later. */
function startOf(day: string, later = 0): string {
  if (!day) return ''
  const wanted = new Date(Date.parse(`${day}T00:00:00Z`) + later * 86_400_000)
  return instantOf(wanted.toISOString().slice(0, 10), zone())
}
