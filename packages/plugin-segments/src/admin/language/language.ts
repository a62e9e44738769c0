import { useQuery } from '@clientele/admin-sdk'

/** One rule of a condition, as the API reads it. */
export interface Leaf {
  readonly type: string
  readonly [parameter: string]: unknown
}

/** A condition, as the API reads it. */
export type Condition =
  | { readonly all: readonly Condition[] }
  | { readonly any: readonly Condition[] }
  | { readonly not: Condition }
  | { readonly atLeast: number; readonly of: readonly Condition[] }
  | Leaf

/** The part of JSON Schema that rules are written in. */
export interface Schema {
  readonly type?: string
  readonly const?: unknown
  readonly enum?: readonly unknown[]
  readonly anyOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
  readonly items?: Schema | false
  readonly prefixItems?: readonly Schema[]
  readonly minimum?: number
  readonly maximum?: number
  readonly minItems?: number
  readonly default?: unknown
  readonly format?: string
}

/** How a field is asked for, as the plugin of its type says it. */
export interface EditorField {
  readonly name: string
  readonly kind: string
  readonly operators: readonly string[]
  readonly inputs?: Readonly<Record<string, string>>
  readonly values?: readonly string[]
  readonly title?: string
  readonly suggest?: { readonly from: string; readonly value: string; readonly label?: string }
  readonly fields?: readonly EditorField[]
}

/** One kind of rule. */
export interface TypeDescription {
  readonly name: string
  readonly plugin?: string | null
  readonly fields: readonly EditorField[]
}

/** What conditions can ask, with the plugins that are installed. */
export interface Language {
  readonly schema: { readonly $defs: Readonly<Record<string, Schema>> }
  readonly types: readonly TypeDescription[]
  readonly limits: { readonly depth: number; readonly nodes: number }
}

/** The language, asked once. */
export function useLanguage() {
  return useQuery<Language>('/api/v1/segments/language')
}

/** A type by its name; undefined when its plugin is gone. */
export function typeOf(language: Language, name: string): TypeDescription | undefined {
  return language.types.find((type) => type.name === name)
}

/** The forms that a rule may have. */
export function formsOf(schema: Schema | undefined): readonly Schema[] {
  return schema?.anyOf ?? (schema ? [schema] : [])
}

/** The form that fits what a rule says already: its fixed words, or else the most of its names. */
export function formFor(forms: readonly Schema[], value: unknown): Schema | undefined {
  const given = (value ?? {}) as Readonly<Record<string, unknown>>
  const fitting = forms.filter((form) =>
    Object.entries(form.properties ?? {}).every(
      ([name, one]) => !isFixed(one) || given[name] === undefined || choicesOf(one).includes(given[name]),
    ),
  )
  const score = (form: Schema): number =>
    Object.keys(given).filter((name) => form.properties?.[name] !== undefined).length -
    (form.required ?? []).filter((name) => given[name] === undefined).length
  return (fitting.length > 0 ? fitting : forms).toSorted((a, b) => score(b) - score(a))[0]
}

/** Whether only certain words are allowed. */
export function isFixed(schema: Schema): boolean {
  return schema.const !== undefined || schema.enum !== undefined
}

/** The words that are allowed. */
export function choicesOf(schema: Schema): readonly unknown[] {
  return schema.const === undefined ? (schema.enum ?? []) : [schema.const]
}

/** The fields that a rule's comparison may be about: several where a value may be of several kinds. */
export function fieldsFor(type: TypeDescription, leaf: Leaf): readonly EditorField[] {
  const own = type.fields.filter((field) => field.operators.length > 0)
  return own.filter(({ name }) => name === '*' || name === leaf['field'])
}

/** Which of several kinds a comparison is of: by its operator, and where that is not enough by its value. */
export function kindOf(
  fields: readonly EditorField[],
  operator: string,
  value: unknown,
): EditorField | undefined {
  const fitting = fields.filter(({ operators }) => operators.includes(operator))
  if (fitting.length < 2) return fitting[0]
  const [one] = Array.isArray(value) ? (value as unknown[]) : [value]
  const kind = typeof one === 'number' ? 'number' : typeof one === 'boolean' ? 'boolean' : 'text'
  return fitting.find((field) => field.kind === kind) ?? fitting[0]
}

/** Whether a type compares fields: `{ field, operator, value }`. Others have parameters. */
export function comparesFields(type: TypeDescription, schema: Schema | undefined): boolean {
  const forms = formsOf(schema)
  const has = (name: string): boolean => forms.some((form) => form.properties?.[name] !== undefined)
  return (
    type.fields.some(({ operators }) => operators.length > 0) &&
    has('operator') &&
    (has('field') || type.fields.some(({ name, operators }) => name === '*' && operators.length > 0))
  )
}
