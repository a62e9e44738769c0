import { createLanguage, languageSchema, type ConditionType, type EditorField } from '@clientele/conditions'
import { Customer } from '@clientele/plugin-customers'
import { segments } from '@clientele/plugin-segments'
import { referencePlugins, type InstalledType } from './installed-types.ts'

/** The texts of one language, by key. */
export type Words = Readonly<Record<string, string>>

/** What plugins and the builder of segments say in one language. */
export interface Catalogues {
  /** Of the plugin that contributes a type: `plugin-customers`. */
  readonly ofPackage: (from: string) => Words
  /** What all rules share, which the builder brings. */
  readonly shared: Words
}

/** The catalogues of the installed plugins; the builder also speaks for the language's own types. */
export function cataloguesIn(locale: string): Catalogues {
  const byPackage = new Map(
    referencePlugins().map((plugin) => [
      `plugin-${plugin.id}`,
      plugin.definition.admin?.words?.[locale] ?? {},
    ]),
  )
  const shared = segments().definition.admin?.words?.[locale] ?? {}
  return { ofPackage: (from) => (from === 'conditions' ? shared : (byPackage.get(from) ?? {})), shared }
}

/** The keys that an editor would ask for in vain; of several that would do, the first. None when all is said. */
export function missingWords(
  types: readonly InstalledType[],
  { ofPackage, shared }: Catalogues,
): readonly string[] {
  const parameters = parametersOf(types.map(({ type }) => type))
  return types.flatMap(({ type, from }) => {
    const own = ofPackage(from)
    const lacks = (...keys: readonly string[]): readonly string[] =>
      keys.some((key) => own[key] !== undefined || shared[key] !== undefined) ? [] : [keys[0]!]
    const titleOf = ({ name, title }: EditorField): readonly string[] =>
      lacks(
        ...(title ? [title] : []),
        `conditions.${type.name}.field.${name}`,
        `conditions.parameter.${name}`,
      )
    const isAsked = ({ name, operators }: EditorField): boolean => operators.length > 0 && name !== '*'
    const title = `conditions.${type.name}.title`
    const group = `conditions.from.${from.replace('plugin-', '')}`
    return [
      ...[title, group].filter((key) => own[key] === undefined),
      ...type.editor.fields.filter(isAsked).flatMap(titleOf),
      ...type.editor.fields
        .flatMap(({ operators }) => operators)
        .flatMap((operator) => lacks(`conditions.operator.${operator}`)),
      ...(parameters.get(type.name) ?? []).flatMap(({ name, words }) => [
        ...lacks(`conditions.${type.name}.parameter.${name}`, `conditions.parameter.${name}`),
        ...words.flatMap((word) => lacks(...wordKeys(type, word))),
      ]),
      ...type.editor.fields.flatMap(({ title, values = [] }) =>
        values.flatMap((word) => lacks(...(title ? [`${title}.${word}`] : wordKeys(type, word)))),
      ),
      ...type.editor.fields
        .flatMap(({ fields = [] }) => fields.filter(isAsked))
        .flatMap(({ name }) => lacks(`conditions.where.parameter.${name}`, `conditions.parameter.${name}`)),
    ]
  })
}

/** Where the name of a word of a closed set may stand. */
function wordKeys({ name }: ConditionType, word: string): readonly string[] {
  return [`conditions.${name}.word.${word}`, `conditions.word.${word}`]
}

interface Form {
  readonly anyOf?: readonly Form[]
  readonly properties?: Readonly<Record<string, Form>>
  readonly const?: unknown
  readonly enum?: readonly unknown[]
}

interface Parameter {
  readonly name: string
  /** Those that it may be, where the set is closed. */
  readonly words: readonly string[]
}

/** What a rule of each type may hold, but for what every rule has. */
function parametersOf(types: readonly ConditionType[]): ReadonlyMap<string, readonly Parameter[]> {
  // The language makes the types that rank by itself.
  const given = types.filter(({ scope }) => scope === 'customer')
  const { $defs } = languageSchema(createLanguage(Customer, given)) as {
    readonly $defs: Readonly<Record<string, Form>>
  }
  return new Map(types.map(({ name }) => [name, propertiesOf($defs[name] ?? {})]))
}

function propertiesOf({ anyOf = [], properties = {} }: Form): readonly Parameter[] {
  const own = Object.entries(properties)
    .filter(([name]) => !['type', 'field', 'operator', 'value'].includes(name))
    .map(([name, form]) => ({ name, words: [form.const, ...(form.enum ?? [])].filter(isWord) }))
  return [...own, ...anyOf.flatMap(propertiesOf)]
}

function isWord(value: unknown): value is string {
  return typeof value === 'string'
}
