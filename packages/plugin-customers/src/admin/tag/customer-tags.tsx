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
  const shown = meant ?? data.tags
  const send = async (add: readonly string[], remove: readonly string[]): Promise<void> => {
    setProblem(undefined)
    try {
      const now = await call<TagsOf>(path, { body: { add, remove } })
      setMeant(now.tags)
      invalidate(path)
      invalidate('/api/v1/tags')
      if (remove.length > 0)
        toast(t('customers.tag.taken_off', { tag: remove.join(', ') }), {
          action: { label: t('undo'), run: () => void send(remove, []) },
        })
    } catch (failure) {
      setMeant(shown)
      setProblem((failure as Error).message)
    }
  }
  const change = (tags: readonly string[]): void => {
    setMeant(tags)
    void send(
      tags.filter((tag) => !shown.includes(tag)),
      shown.filter((tag) => !tags.includes(tag)),
    )
  }
  return (
    <TagInput
      label={t('customers.tags')}
      values={shown}
      onValues={change}
      error={problem}
      isReadOnly={!can('customers:write')}
    />
  )
}
