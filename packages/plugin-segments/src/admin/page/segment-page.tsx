import { call, can, ErrorState, Loading, navigate, useQuery } from '@clientele/admin-sdk'
import { useEffect, useState } from 'preact/hooks'
import { useLanguage } from '../language/language.ts'
import { useNames } from '../language/use-names.ts'
import { draftOf, type Draft } from '../model/draft.ts'
import type { SegmentRow } from '../model/segment.ts'
import { readTree } from '../model/tree.ts'
import { templateBy } from '../list/templates.ts'
import { Editor } from './editor.tsx'

/** One segment, or a new one: `/segments/:id`, `/segments/new?template=…`, `/segments/new?from=…`. */
export function SegmentPage({
  id,
  query,
}: {
  readonly id: string
  readonly query: Readonly<Record<string, string>>
}) {
  const isNew = id === 'new'
  const source = isNew ? query['from'] : id
  const language = useLanguage()
  const names = useNames(language.data)
  const { data, error, reload } = useQuery<SegmentRow>(source ? `/api/v1/segments/${source}` : null)
  const [row, setRow] = useState<SegmentRow | null>(null)
  useEffect(() => {
    if (data) setRow(data)
  }, [data])
  const problem = error ?? language.error
  if (problem && !(row && language.data))
    return <ErrorState error={problem} retry={() => (reload(), language.reload())} />
  if (!language.data || (source && !row)) return <Loading />
  return (
    <Editor
      key={id}
      id={isNew ? null : id}
      draftKey={isNew ? `new:${query['from'] ?? query['template'] ?? ''}` : id}
      row={isNew ? null : row}
      start={isNew ? startOf(row, query['template']) : draftOf(row!)}
      language={language.data}
      names={names}
      isReadOnly={!can('segments:write')}
      onSaved={(saved) => {
        setRow(saved)
        if (isNew) navigate(`/segments/${saved.id}`, { replace: true })
      }}
      reload={async () => {
        const fresh = await call<SegmentRow>(`/api/v1/segments/${id}`)
        setRow(fresh)
        return fresh
      }}
    />
  )
}

/** A new segment begins as a copy, from a template, or with nothing. */
function startOf(row: SegmentRow | null, template: string | undefined): Draft {
  if (row) return { ...draftOf(row), name: '' }
  const found = template ? templateBy(template) : undefined
  if (!found) return { name: '', description: '', kind: 'dynamic', root: readTree(null) }
  return { name: found.title(), description: found.text(), kind: 'dynamic', root: readTree(found.condition) }
}
