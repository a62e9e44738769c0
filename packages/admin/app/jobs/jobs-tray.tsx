import {
  apiUrl,
  call,
  Dialog,
  EmptyState,
  entityTitle,
  exportJobs,
  fmt,
  Icon,
  t,
  toast,
} from '@clientele/admin-sdk'
import { useEffect, useRef, useState } from 'preact/hooks'
import { useLive } from './use-live.ts'
import { shareText, useWork, type Work } from './work.ts'

/** What takes long and goes on while somebody does something else: how far it is, and what came of it. */
export function JobsTray() {
  const [isOpen, setOpen] = useState(false)
  const { work, reload } = useWork()
  const running = work.filter((one) => one.isRunning).length
  useLive(reload, {
    isOn: running > 0 || isOpen,
    isWaiting: work.some(({ state }) => state === 'waiting'),
  })
  useEnd(work)
  // Lists begin exports, and tell nobody else.
  const begun = exportJobs.value.length
  useEffect(() => {
    if (begun > 0) reload()
  }, [begun])
  return (
    <>
      <button type="button" class="plain" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="job" />
        {t('jobs')}
        {running > 0 && <span class="badge running">{t('jobs.running', { count: running })}</span>}
      </button>
      {isOpen && (
        <Dialog side title={t('jobs')} onClose={() => setOpen(false)}>
          {work.length === 0 ? (
            <EmptyState title={t('jobs.none')}>{t('jobs.none.text')}</EmptyState>
          ) : (
            <ul class="jobs">
              {work.map((one) => (
                <Shown key={one.id} work={one} reload={reload} />
              ))}
            </ul>
          )}
        </Dialog>
      )}
    </>
  )
}

function Shown({ work, reload }: { readonly work: Work; readonly reload: () => void }) {
  const { id, kind, name, entity, state, isRunning, share, rows, refused, createdAt, problem } = work
  const cancel = async (): Promise<void> => {
    try {
      await call(`/api/v1/${kind}s/${id}/cancel`, { method: 'POST' })
    } catch (error) {
      toast((error as Error).message, { kind: 'problem' })
    }
    reload()
  }
  const about = [
    entity === null ? null : entityTitle(entity),
    t(`jobs.state.${state}`),
    rows === null ? null : t('jobs.rows', { count: rows }),
    isRunning ? shareText(work) : fmt.ago(createdAt),
  ].filter(Boolean)
  return (
    <li>
      <p class="name">
        <Icon name={kind === 'export' ? 'download' : kind === 'import' ? 'plus' : 'job'} />
        <strong>{kind === 'job' ? jobTitle(name) : name}</strong>
      </p>
      {isRunning && <progress aria-label={name} max={1} {...(share === null ? {} : { value: share })} />}
      <p class="quiet">{about.join(' · ')}</p>
      {problem && <p class="wrong">{problem}</p>}
      <p class="actions">
        {isRunning && (
          <button type="button" onClick={() => void cancel()}>
            {t('cancel')}
          </button>
        )}
        {kind === 'export' && state === 'done' && (
          <a class="button" href={apiUrl(`/api/v1/exports/${id}/content`)} download>
            {t('jobs.download')}
          </a>
        )}
        {refused > 0 && !isRunning && (
          <a class="button" href={apiUrl(`/api/v1/imports/${id}/errors`)} download>
            {t('jobs.refused', { count: refused })}
          </a>
        )}
      </p>
    </li>
  )
}

/** What a plugin calls its job (`job.segments.recompute`), or its own name. */
function jobTitle(name: string): string {
  const text = t(`job.${name}`)
  return text === `job.${name}` ? name : text
}

/** Says once, wherever somebody is, that what they waited for has ended. Exports have notices of their own. */
function useEnd(work: readonly Work[]): void {
  const running = useRef(new Set<string>())
  useEffect(() => {
    for (const { id, kind, name, state, isRunning } of work) {
      if (isRunning) running.current.add(id)
      else if (running.current.delete(id) && kind === 'import')
        toast(t(`jobs.ended.${state}`, { name }), { kind: state === 'failed' ? 'problem' : 'done' })
    }
  }, [work.map(({ id, state }) => `${id} ${state}`).join()])
}
