import { fmt, Icon, t } from '@clientele/admin-sdk'
import { fieldsFor, kindOf, type Language, type Leaf } from '../language/language.ts'
import { sentenceOf } from '../language/sentence.ts'
import type { Names } from '../language/use-names.ts'
import { valueText } from '../language/value-text.ts'
import { say } from '../language/words.ts'

/** The condition's tree with an answer at every node, as the API explains it. */
export type Explanation =
  | {
      readonly group: 'all' | 'any' | 'not' | 'atLeast'
      readonly met: boolean
      readonly count?: number
      readonly metParts: number
      readonly parts: readonly Explanation[]
    }
  | {
      readonly leaf: Leaf
      readonly met: boolean
      readonly seen: unknown
      readonly description: { readonly key: string }
      readonly changesAt?: string | null
    }

interface ExplanationProps {
  readonly explanation: Explanation
  readonly language: Language
  readonly names: Names
}

/** Which rules a customer meets, and what was seen of them. */
export function ExplanationTree({ explanation, language, names }: ExplanationProps) {
  return (
    <ul class="why">
      <Answer explanation={explanation} language={language} names={names} />
    </ul>
  )
}

function Answer({ explanation, language, names }: ExplanationProps) {
  const { met } = explanation
  const mark = (
    <span class={met ? 'mark met' : 'mark'}>
      <Icon name={met ? 'check' : 'x'} />
      <span class="unseen">{t(met ? 'segments.met' : 'segments.not_met')}</span>
    </span>
  )
  if ('group' in explanation) {
    const { group, count, parts, metParts } = explanation
    const key = group === 'not' ? 'segments.why.not' : `segments.match.${group}`
    return (
      <li>
        {mark}
        <span>
          {t(key, { k: count ?? 0 })}{' '}
          {group !== 'not' && (
            <span class="quiet">{t('segments.why.parts', { met: metParts, count: parts.length })}</span>
          )}
        </span>
        <ul>
          {parts.map((part, at) => (
            <Answer key={at} explanation={part} language={language} names={names} />
          ))}
        </ul>
      </li>
    )
  }
  const { leaf, seen, description, changesAt } = explanation
  return (
    <li>
      {mark}
      <span>{sentenceOf(language, leaf, names, description.key)}</span>
      <p class="quiet seen">
        {t('segments.seen', {
          value: isMoney(language, leaf, seen) ? fmt.money(seen) : seenText(seen, names),
        })}
        {changesAt && ` · ${t('segments.changes_at', { at: fmt.time(changesAt) })}`}
      </p>
    </li>
  )
}

/** A column of money is seen as it is stored, in minor units; sums are amounts already. */
function isMoney(language: Language, leaf: Leaf, seen: unknown): seen is number {
  const type = language.types.find(({ name }) => name === leaf.type)
  if (typeof seen !== 'number' || !type || typeof leaf['operator'] !== 'string') return false
  return kindOf(fieldsFor(type, leaf), leaf['operator'], leaf['value'])?.kind === 'money'
}

/** What decided: a value, an event or an order with its parts. */
function seenText(seen: unknown, names: Names): string {
  if (seen === null || seen === undefined) return t('segments.seen.nothing')
  if (Array.isArray(seen))
    return seen.map((one) => seenText(one, names)).join(', ') || t('segments.seen.nothing')
  if (typeof seen !== 'object') return seen === '' ? '“”' : valueText(seen, { names, kind: 'number' })
  return Object.entries(seen)
    .filter(([name, value]) => name !== 'id' && value !== null && value !== undefined)
    .map(([name, value]) => `${say([`conditions.seen.${name}`, name])}: ${seenText(value, names)}`)
    .join(', ')
}
