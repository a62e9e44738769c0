import { humanise, locale, session, t } from '@clientele/admin-sdk'
import type { EditorField, TypeDescription } from './language.ts'

/** The first of several keys that has a text; else the last, as people read a name of code. */
export function say(keys: readonly string[], values: Readonly<Record<string, string | number>> = {}): string {
  for (const key of keys) {
    const text = t(key, values)
    if (text !== key) return text
  }
  return humanise((keys.at(-1) ?? '').replace(/^.*\./, ''))
}

export function typeTitle(type: string): string {
  return say([`conditions.${type}.title`, type])
}

export function pluginTitle(plugin: string): string {
  return say([`conditions.from.${plugin}`, `entity.${plugin}`, plugin])
}

export function fieldTitleOf(type: string, { name, title }: Pick<EditorField, 'name' | 'title'>): string {
  return say([
    ...(title ? [title] : []),
    `conditions.${type}.field.${name}`,
    `conditions.parameter.${name}`,
    name,
  ])
}

export function parameterTitle(type: string, name: string): string {
  return say([`conditions.${type}.parameter.${name}`, `conditions.parameter.${name}`, name])
}

export function operatorTitle(operator: string, kind?: string): string {
  return say([`conditions.operator.${operator}.${kind}`, `conditions.operator.${operator}`, operator])
}

export function kindTitle(kind: string): string {
  return say([`conditions.kind.${kind}`, kind])
}

/**
 * A word of a closed set: `day`, `highest`, `granted`.
 *
 * @param home where those of the set stand, before the words that all sets share
 */
export function choiceTitle(word: unknown, home?: string): string {
  if (typeof word !== 'string') return String(word)
  return say([...(home ? [`${home}.${word}`] : []), `conditions.word.${word}`, word])
}

/** Where the words of a type's own closed sets stand. */
export function wordsOf(type: string): string {
  return `conditions.${type}.word`
}

/** The tenant's currency, which amounts in conditions are in. */
export function currency(): string {
  return session.value?.tenant.currency ?? 'EUR'
}

/** Which field of a type a rule is about, as people call it. */
export function subjectOf(
  type: TypeDescription | undefined,
  leaf: Readonly<Record<string, unknown>>,
): string {
  const name = leaf['field'] ?? leaf['name']
  const path = Array.isArray(leaf['path']) ? (leaf['path'] as unknown[]).join(' › ') : ''
  const field = type?.fields.find((one) => one.name === leaf['field'])
  const title = field && type ? fieldTitleOf(type.name, field) : typeof name === 'string' ? name : ''
  return [title, path].filter(Boolean).join(' › ')
}

/** A part of a date: a month, a day of the week. */
export function dateText(at: number, options: Intl.DateTimeFormatOptions): string {
  return new Intl.DateTimeFormat(locale(), { ...options, timeZone: 'UTC' }).format(at)
}
