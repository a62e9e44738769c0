import { t } from '@clientele/admin-sdk'
import { choicesOf, fieldsFor, formsOf, isFixed, kindOf, type Language, type Leaf } from './language.ts'
import { comparedText, phraseOf } from './phrase.ts'
import type { Names } from './use-names.ts'
import { choiceTitle, operatorTitle, parameterTitle, subjectOf, typeTitle, wordsOf } from './words.ts'

/**
 * A rule as a sentence. A type's own sentence stands in the catalogues under the key of its description, or a shorter
 * beginning of it: `conditions.event.gte`, `conditions.event`, with the rule's parameters in it as phrases.
 *
 * @param key as the server describes the rule. @default of the type
 */
export function sentenceOf(language: Language, leaf: Leaf, names: Names, key?: string): string {
  const type = language.types.find(({ name }) => name === leaf.type)
  const fields = type ? fieldsFor(type, leaf) : []
  const home = wordsOf(leaf.type)
  const phrases: Record<string, string> = { field: subjectOf(type, leaf), operator: '', value: '' }
  for (const form of formsOf(language.schema.$defs[leaf.type]))
    for (const [name, one] of Object.entries(form.properties ?? {}))
      phrases[name] ??= isFixed(one) ? choiceTitle(one.default ?? choicesOf(one)[0], home) : ''
  for (const [name, value] of Object.entries(leaf))
    if (name !== 'type' && name !== 'field' && name !== 'operator')
      phrases[name] = phraseOf(name, value, { language, fields, names, home })
  if (typeof leaf['operator'] === 'string') {
    const compared = fields.length > 0 ? fields : (type?.fields ?? []).filter(({ name }) => name === 'value')
    const field = kindOf(compared, leaf['operator'], leaf['value'])
    const value = 'value' in leaf ? comparedText(leaf['operator'], leaf['value'], field, names) : ''
    const said = t(`conditions.said.${leaf['operator']}`, { value })
    const isSaid = !said.startsWith('conditions.said.')
    phrases['operator'] = isSaid ? said : operatorTitle(leaf['operator'], field?.kind)
    phrases['value'] = isSaid ? '' : value
  }
  for (const candidate of [...(key ? keysOf(key) : []), ...ownKeys(language, leaf)]) {
    const text = t(candidate, phrases)
    if (text !== candidate) return tidy(text)
  }
  const compared = fields.length > 0
  const head = compared
    ? `${phrases['field']} ${phrases['operator']} ${phrases['value']}`
    : typeTitle(leaf.type)
  const others = Object.keys(leaf)
    .filter((name) => name !== 'type' && !(compared && COMPARED.has(name)))
    .map((name) =>
      name === 'within' || name === 'where'
        ? phrases[name]
        : `${parameterTitle(leaf.type, name)}: ${phrases[name]}`,
    )
  return tidy([head, ...others].join(', '))
}

const COMPARED = new Set(['field', 'operator', 'value', 'name', 'path'])

/** The key of the type, and before it those with one of its fixed words: `conditions.segment.ever`. */
function ownKeys(language: Language, leaf: Leaf): readonly string[] {
  const key = `conditions.${leaf.type}`
  const words = formsOf(language.schema.$defs[leaf.type]).flatMap(({ properties = {} }) =>
    Object.entries(properties)
      .filter(([name, one]) => name !== 'type' && isFixed(one) && typeof leaf[name] === 'string')
      .map(([name]) => `${key}.${String(leaf[name])}`),
  )
  return [...new Set(words), key]
}

/** From the whole key to its type: `conditions.orders.count.gte`, `conditions.orders.count`, `conditions.orders`. */
function keysOf(key: string): readonly string[] {
  const parts = key.split('.')
  return parts.slice(1).map((_, at) => parts.slice(0, parts.length - at).join('.'))
}

function tidy(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .replace(/ ([,.])/g, '$1')
    .trim()
}
