import { useQuery } from '@clientele/admin-sdk'
import type { EditorField } from '../language/language.ts'

/** What a field is suggested, as its plugin says where it stands: values, or values with names of their own. */
export function useSuggestions(suggest: EditorField['suggest']): readonly {
  readonly value: string
  readonly label: string
}[] {
  const { data } = useQuery<{ readonly items: readonly Readonly<Record<string, unknown>>[] }>(
    suggest?.from ?? null,
  )
  if (!suggest || !data) return []
  return data.items.map((item) => {
    const value = String(item[suggest.value])
    return { value, label: suggest.label ? String(item[suggest.label]) : value }
  })
}
