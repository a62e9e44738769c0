import type { ComponentChildren } from 'preact'
import type { ApiError } from '../api/call.ts'
import { t } from '../words/words.ts'
import { Icon } from './icon.tsx'

/** Nothing is there yet, or nothing matches: what will appear, and one thing to do. */
export function EmptyState({
  title,
  children,
  action,
}: {
  readonly title: string
  readonly children?: ComponentChildren
  readonly action?: ComponentChildren
}) {
  return (
    <div class="state">
      <h2>{title}</h2>
      {children && <p>{children}</p>}
      {action}
    </div>
  )
}

/** What failed, what is safe, and the way on. */
export function ErrorState({
  error,
  retry,
}: {
  readonly error: ApiError | Error
  readonly retry?: () => void
}) {
  const { status, requestId } = error as ApiError
  return (
    <div class="state" role="alert">
      <Icon name="alert" />
      <h2>{t(status === 403 ? 'error.forbidden' : status === 0 ? 'error.offline' : 'error.title')}</h2>
      <p>
        {status === 403 ? t('error.forbidden.text') : status === 0 ? t('error.offline.text') : error.message}
      </p>
      {requestId && <p class="quiet">{t('error.request', { id: requestId })}</p>}
      {retry && (
        <button type="button" onClick={retry}>
          {t('retry')}
        </button>
      )}
    </div>
  )
}

/** Something is on its way. Says so to those who do not see it as well. */
export function Loading() {
  return (
    <div class="loading" role="status">
      <span class="unseen">{t('loading')}</span>
    </div>
  )
}
