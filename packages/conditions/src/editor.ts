/** How an editor asks for a leaf's parameters. */
export interface EditorDescriptor {
  readonly fields: readonly EditorField[]
}

/** One thing an editor can ask about; `*` as its name takes any. */
export interface EditorField {
  readonly name: string
  /**
   * What its values are: `text`, `number`, `integer`, `money`, `boolean`, `timestamp`, `enum`, `array`, `json`; or what an
   * editor has a control of its own for, as `window`, `duration`, `properties` and `events`. Others are asked for by
   * their schema.
   */
  readonly kind: string
  readonly operators: readonly string[]
  /** What each operator's value is. @default one value of the field's kind */
  readonly inputs?: Readonly<Record<string, EditorInput>>
  /** The closed set of an enum. */
  readonly values?: readonly string[]
  /** The key of its name in the catalogues. @default `conditions.<type>.field.<name>` */
  readonly title?: string
  /** Where an editor finds values to offer. @default nowhere */
  readonly suggest?: EditorSuggestions
  /** Of rules about properties: what each can ask; `*` takes any. Of other lists: the parameters of an element. */
  readonly fields?: readonly EditorField[]
}

/**
 * What an editor asks for as the value of an operator: nothing, one value of the field's kind or two or a list, or one
 * of the forms that the operator's JSON Schema spells out.
 */
export type EditorInput =
  | 'none'
  | 'value'
  | 'pair'
  | 'list'
  | 'text'
  | 'texts'
  | 'scalar'
  | 'scalars'
  | 'count'
  | 'modulus'
  | 'field'
  | 'jsonType'
  | 'rules'
  | 'day'
  | 'duration'
  | 'durations'
  | 'window'
  | 'days'
  | 'years'
  | 'weekdays'
  | 'monthDays'
  | 'months'
  | 'hours'

/** A `GET` of the API whose `items` are values to offer. */
export interface EditorSuggestions {
  /** `/api/v1/tags` */
  readonly from: string
  /** The property of an item that is the value. */
  readonly value: string
  /** The property that people know it by, where the value is an id. Then nothing else can be chosen. */
  readonly label?: string
}
