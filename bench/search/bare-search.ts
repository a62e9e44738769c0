/** A search as somebody would write it for this table and nothing else. */
export interface BareSearch {
  /** The ids of the newest rows that have all words, the last as a beginning. */
  page(q: string, limit: number): Promise<string>
  close(): Promise<void>
}

/** The words of a question, in the way of both databases' own parsers: addresses are taken apart. */
export function bareWords(q: string): readonly string[] {
  return (
    q
      .normalize('NFKD')
      .replaceAll(/\p{M}/gu, '')
      .toLowerCase()
      .match(/[a-z0-9]+/g) ?? []
  )
}
