import { fmt, t } from '@clientele/admin-sdk'
import { choiceTitle } from './words.ts'

export interface Duration {
  readonly amount: number
  readonly unit: string
}

/** `in the last 30 days`, `this month` */
export function windowText(value: unknown): string {
  const window = value as Readonly<Record<string, unknown>>
  if ('last' in window) return t('conditions.window.last', { span: durationText(window['last'] as Duration) })
  if ('calendar' in window) {
    const unit = String(window['calendar'])
    const [from, to] = [Number(window['from']), Number(window['to'] ?? 0)]
    if (from === to && (from === 0 || from === -1))
      return t(`conditions.window.${from === 0 ? 'this' : 'previous'}`, { unit: choiceTitle(unit) })
    const span = unitText(to - from + 1, unit)
    if (to === 0 && from < 0) return t('conditions.window.upto', { span })
    if (to === -1) return t('conditions.window.before', { span })
    return t('conditions.window.custom', { unit: choiceTitle(unit), from, to })
  }
  const [from, to] = [window['from'], window['to']].map((one) => (one ? fmt.time(String(one)) : null))
  if (from && to) return t('conditions.window.between', { from, to })
  return from ? t('conditions.window.since', { from }) : to ? t('conditions.window.until', { to }) : ''
}

/** `30 days` */
export function durationText({ amount, unit }: Duration): string {
  return unitText(amount || 0, unit)
}

/** `Intl` has no quarters. */
function unitText(amount: number, unit: string): string {
  if (unit === 'quarter') return t('conditions.quarters', { count: amount })
  return fmt.number(amount, { style: 'unit', unit, unitDisplay: 'long' })
}
