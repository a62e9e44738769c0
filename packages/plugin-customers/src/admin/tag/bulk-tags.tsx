import { call, Dialog, invalidate, t, toast, type Row } from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import { CUSTOMERS } from '../model/customer.ts'
import { TagInput } from './tag-input.tsx'

interface BulkTagsProps {
  readonly rows: readonly Row[]
  readonly onClose: (isDone: boolean) => void
}

/** Customers of one request. */
const MOST = 1000

/** Puts tags on the chosen customers and takes some off. */
export function BulkTags({ rows, onClose }: BulkTagsProps) {
  const [add, setAdd] = useState<readonly string[]>([])
  const [remove, setRemove] = useState<readonly string[]>([])
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const isEmpty = add.length === 0 && remove.length === 0
  const save = async (event: Event): Promise<void> => {
    event.preventDefault()
    if (busy) return
    setProblem(isEmpty ? t('customers.tag.bulk.empty') : undefined)
    if (isEmpty) return
    setBusy(true)
    try {
      const ids = rows.map(({ id }) => String(id))
      for (let at = 0; at < ids.length; at += MOST)
        await call('/api/v1/tags', { body: { customerIds: ids.slice(at, at + MOST), add, remove } })
      invalidate('/api/v1/tags')
      invalidate(CUSTOMERS)
      toast(t('customers.tag.bulk.done', { count: rows.length }))
      onClose(true)
    } catch (error) {
      setProblem((error as Error).message)
      setBusy(false)
    }
  }
  return (
    <Dialog
      title={t('customers.tag.bulk.title', { count: rows.length })}
      onClose={() => onClose(false)}
      actions={
        <>
          <button type="button" onClick={() => onClose(false)}>
            {t('cancel')}
          </button>
          <button type="submit" form="bulk-tags" class="main" disabled={busy}>
            {t('save')}
          </button>
        </>
      }
    >
      <form id="bulk-tags" class="stack" onSubmit={(event) => void save(event)}>
        <TagInput label={t('customers.tag.put_on')} values={add} onValues={setAdd} />
        <TagInput label={t('customers.tag.off')} values={remove} onValues={setRemove} />
        {problem && (
          <p class="wrong" role="alert">
            {problem}
          </p>
        )}
      </form>
    </Dialog>
  )
}
