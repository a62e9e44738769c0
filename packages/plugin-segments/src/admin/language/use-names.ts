import { call } from '@clientele/admin-sdk'
import { useEffect, useState } from 'preact/hooks'
import type { Language } from './language.ts'

/** The names of segments and other things that rules hold ids of. */
export type Names = ReadonlyMap<string, string>

const NONE: Names = new Map()

/** What the ids in rules are called: those of segments, and of whatever else types suggest by name. */
export function useNames(language: Language | undefined): Names {
  const [names, setNames] = useState(NONE)
  useEffect(() => {
    if (!language) return
    const abort = new AbortController()
    const named = language.types.flatMap(({ fields }) =>
      fields.flatMap(({ suggest }) => (suggest?.label ? [suggest] : [])),
    )
    const asked = [...new Map(named.map((one) => [one.from, one])).values()]
    Promise.all(
      asked.map(async ({ from, value, label }) => {
        const { items } = await call<{ items: readonly Readonly<Record<string, unknown>>[] }>(from, {
          signal: abort.signal,
        })
        return items.map((item) => [String(item[value]), String(item[label!])] as const)
      }),
    ).then(
      (pairs) => setNames(new Map(pairs.flat())),
      // Ids are shown where their names cannot be read.
      () => undefined,
    )
    return () => abort.abort()
  }, [language])
  return names
}
