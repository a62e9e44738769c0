import { useEffect } from 'preact/hooks'
import { apiUrl } from '../session/tenant.ts'
import { Icon } from '../ui/icon.tsx'
import { Progress } from '../ui/progress.tsx'
import { toast } from '../ui/toasts.tsx'
import { t } from '../words/words.ts'
import { cancelExport, dismissExport, exportJobs, resumeExports, type ExportJob } from './export-jobs.ts'

/** How far the files are that somebody had made, each with its download. */
export function ExportNotices() {
  useEffect(() => void resumeExports(), [])
  return (
    <>
      {exportJobs.value.map((job) => (
        <Notice key={job.id} job={job} />
      ))}
    </>
  )
}

function Notice({ job: { id, name, state, rowsDone, rowsTotal, error } }: { readonly job: ExportJob }) {
  const isOver = state !== 'waiting' && state !== 'running'
  return (
    <div class={`toast job ${state === 'failed' ? 'problem' : state === 'done' ? 'done' : ''}`}>
      <Icon name={state === 'done' ? 'check' : state === 'failed' ? 'alert' : 'job'} />
      <div class="grow">
        <div class="what">{name}</div>
        {isOver ? (
          <span class="quiet">
            {t(`job.${state}`)}
            {error && `: ${error}`}
          </span>
        ) : (
          <Progress label={name} done={rowsDone} total={rowsTotal} />
        )}
      </div>
      {state === 'done' && (
        <a class="button" href={apiUrl(`/api/v1/exports/${id}/content`)} download={name}>
          <Icon name="download" />
          {t('export.download')}
        </a>
      )}
      {isOver ? (
        <button type="button" class="plain icon" aria-label={t('close')} onClick={() => dismissExport(id)}>
          <Icon name="x" />
        </button>
      ) : (
        <button
          type="button"
          class="plain"
          onClick={() =>
            void cancelExport(id).catch((problem: Error) => toast(problem.message, { kind: 'problem' }))
          }
        >
          {t('cancel')}
        </button>
      )}
    </div>
  )
}
