import { call, can, ErrorState, invalidate, Loading, t, toast, useQuery } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { CUSTOMERS } from '../model/customer.ts'
import { TagInput } from './tag-input.tsx'

interface TagsOf {
  readonly tags: readonly string[]
}

/** The tags of a customer; each is put on or taken off at once. */
export function CustomerTags({ id }: { readonly id: string }) {
  const path = `${CUSTOMERS}/${id}/tags`
  const { data, error, reload } = useQuery<TagsOf>(path)
  const [meant, setMeant] = useState<readonly string[]>()
  const [problem, setProblem] = useState<string>()
  if (error && !data) return <ErrorState error={error} retry={reload} />
  if (!data) return <Loading />
  const change = async (tags: readonly string[]): Promise<void> => {
    const before = meant ?? data.tags
    setMeant(tags)
    setProblem(undefined)
    const added = tags.filter((tag) => !before.includes(tag))
    const removed = before.filter((tag) => !tags.includes(tag))
    try {
      const now = await call<TagsOf>(path, { body: { add: added, remove: removed } })
      setMeant(now.tags)
      invalidate(path)
      invalidate('/api/v1/tags')
      if (removed.length > 0)
        toast(t('customers.tag.taken_off', { tag: removed.join(', ') }), {
          action: { label: t('undo'), run: () => void change(before) },
        })
    } catch (failure) {
      setMeant(before)
      setProblem((failure as Error).message)
    }
  }
  return (
    <TagInput
      label={t('customers.tags')}
      values={meant ?? data.tags}
      onValues={(tags) => void change(tags)}
      error={problem}
      isReadOnly={!can('customers:write')}
    />
  )
}
