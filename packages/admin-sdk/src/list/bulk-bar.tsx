import { useState } from 'preact/hooks'
import { ApiError, call } from '../api/call.ts'
import { invalidate } from '../api/use-query.ts'
import type { EntityDescription } from '../panel/manifest.ts'
import { Confirm } from '../ui/confirm.tsx'
import { Icon } from '../ui/icon.tsx'
import { toast } from '../ui/toasts.tsx'
import { t } from '../words/words.ts'
import type { Row } from '../entity/show-value.tsx'

type BulkOutcome = void | boolean | Promise<void | boolean>

/** Something that is done to the rows that were chosen. */
export interface BulkAction {
  readonly id: string
  readonly label: string
  readonly icon?: string
  /** What is thrown is shown; the rows stay chosen then, and when it answers false. */
  readonly run: (rows: readonly Row[]) => BulkOutcome
}

interface BulkBarProps {
  readonly entity: EntityDescription
  readonly rows: readonly Row[]
  readonly actions: readonly BulkAction[]
  readonly onClear: () => void
}

/** What can be done with the chosen rows. */
export function BulkBar({ entity, rows, actions, onClear }: BulkBarProps) {
  const [busy, setBusy] = useState(false)
  const [isAsking, setAsking] = useState(false)
  const run = async (deed: () => BulkOutcome): Promise<void> => {
    setBusy(true)
    try {
      if ((await deed()) !== false) onClear()
    } catch (error) {
      toast((error as Error).message, { kind: 'problem' })
    } finally {
      setBusy(false)
    }
  }
  const remove = (): Promise<void> =>
    run(() =>
      removeRows(
        entity,
        rows.map(({ id }) => String(id)),
      ),
    )
  const count = t('bulk.chosen', { count: rows.length })
  return (
    <div class="bulk" role="toolbar" aria-label={t('bulk.label')}>
      <strong role="status">{count}</strong>
      {actions.map((action) => (
        <button
          key={action.id}
          type="button"
          disabled={busy}
          onClick={() => void run(() => action.run(rows))}
        >
          {action.icon && <Icon name={action.icon} />}
          {action.label}
        </button>
      ))}
      {entity.routes.includes('remove') && (
        <button type="button" disabled={busy} onClick={() => (entity.undo ? void remove() : setAsking(true))}>
          <Icon name="trash" />
          {t('remove')}
        </button>
      )}
      <button type="button" class="plain" onClick={onClear}>
        {t('bulk.clear')}
      </button>
      {isAsking && (
        <Confirm
          title={t('bulk.remove', { count: rows.length })}
          action={t('remove')}
          typed={String(rows.length)}
          onConfirm={remove}
          onClose={() => setAsking(false)}
        >
          <p>{t('bulk.remove.text')}</p>
        </Confirm>
      )}
    </div>
  )
}

/** Removes rows and offers to bring them back, where the entity can. Some may be refused; the others are gone. */
export async function removeRows(entity: EntityDescription, ids: readonly string[]): Promise<void> {
  const { done, failed } = entity.routes.includes('bulk')
    ? await removeTogether(entity, ids)
    : await each(ids, (id) => call(`${entity.path}/${id}`, { method: 'DELETE' }))
  invalidate(entity.path)
  if (done.length > 0)
    toast(t('removed', { count: done.length }), {
      ...(entity.undo ? { action: { label: t('undo'), run: () => void restoreRows(entity, done) } } : {}),
    })
  if (failed.length > 0)
    toast(t('bulk.some_failed', { failed: failed.length, total: ids.length, reason: failed[0]!.message }), {
      kind: 'problem',
    })
}

async function restoreRows(entity: EntityDescription, ids: readonly string[]): Promise<void> {
  const { done, failed } = await each(ids, (id) => call(`${entity.path}/${id}/restore`, { method: 'POST' }))
  invalidate(entity.path)
  if (done.length > 0) toast(t('bulk.back', { count: done.length }))
  if (failed.length > 0) toast(failed[0]!.message, { kind: 'problem' })
}

interface Outcome {
  readonly done: readonly string[]
  readonly failed: readonly { readonly message: string }[]
}

/** Of one request. */
const MOST = 500

async function removeTogether({ path }: EntityDescription, ids: readonly string[]): Promise<Outcome> {
  const done: string[] = []
  const failed: { message: string }[] = []
  for (let at = 0; at < ids.length; at += MOST) {
    const part = ids.slice(at, at + MOST)
    const { results } = await call<{ results: readonly { index: number; error?: { detail: string } }[] }>(
      `${path}/bulk`,
      { body: { operations: part.map((id) => ({ op: 'remove', id })) } },
    )
    for (const { index, error } of results)
      if (error) failed.push({ message: error.detail })
      else done.push(part[index]!)
  }
  return { done, failed }
}

/** A few at a time: the server answers others as well. */
async function each(ids: readonly string[], deed: (id: string) => Promise<unknown>): Promise<Outcome> {
  const done: string[] = []
  const failed: ApiError[] = []
  const left = [...ids]
  const work = async (): Promise<void> => {
    for (let id = left.shift(); id !== undefined; id = left.shift()) {
      try {
        await deed(id)
        done.push(id)
      } catch (error) {
        if (!(error instanceof ApiError)) throw error
        failed.push(error)
      }
    }
  }
  await Promise.all(Array.from({ length: 4 }, work))
  return { done, failed }
}
