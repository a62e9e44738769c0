/** A hint about a leaf that is valid and yet may not mean what was meant: a catalogue key and its values. */
export interface Advice {
  readonly key: string
  readonly params: Readonly<Record<string, unknown>>
}

/** A sentence for people: a catalogue key and its values, never prose. */
export interface Description {
  readonly key: string
  readonly params: Readonly<Record<string, unknown>>
}
