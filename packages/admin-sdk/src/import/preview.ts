/** What the server makes of a file. */
export interface Preview {
  readonly fileName: string
  readonly header: readonly string[]
  readonly mapping: Readonly<Record<string, string | null>>
  readonly key: string | null
  /** Why it would be refused. */
  readonly problems: readonly string[]
  readonly fields: readonly { readonly name: string; readonly required: boolean }[]
  readonly rows: readonly {
    readonly line: number
    readonly cells: readonly string[]
    readonly problems: readonly { readonly column: string | null; readonly reason: string }[]
  }[]
}
