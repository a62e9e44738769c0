import { Icon, navigate, t } from '@clientele/admin-sdk'
import type { useDraft } from '../model/draft.ts'
import type { useSave } from './use-save.ts'

interface SaveBarProps {
  readonly drafting: ReturnType<typeof useDraft>
  readonly saving: ReturnType<typeof useSave>
  readonly isNew: boolean
}

/** There while something is not saved: what can be done about it, and what kept it from being saved. */
export function SaveBar({ drafting, saving, isNew }: SaveBarProps) {
  const { error, hint, busy, isConflict } = saving
  if (!drafting.isDirty && !isNew && !error) return null
  const isPlaced = error?.code === 'condition.invalid' || saving.fields['name'] !== undefined
  return (
    <div class="save-bar" role="region" aria-label={t('segments.unsaved')}>
      <div role="status">
        {isConflict ? (
          <p class="issue error">
            <Icon name="alert" />
            <span>{t('segments.conflict')}</span>
          </p>
        ) : error ? (
          <p class="issue error">
            <Icon name="alert" />
            <span>{isPlaced ? t('segments.invalid') : `${error.message}. ${t('segments.kept')}`}</span>
            {error.requestId && <span class="quiet">{t('error.request', { id: error.requestId })}</span>}
          </p>
        ) : (
          <p class={hint ? 'wrong' : 'quiet'}>
            {hint ??
              t(
                drafting.wasKept
                  ? 'segments.kept.before'
                  : isNew
                    ? 'segments.unsaved.new'
                    : 'segments.unsaved',
              )}
          </p>
        )}
      </div>
      <div class="actions">
        {isConflict ? (
          <>
            <button type="button" disabled={busy} onClick={() => void saving.takeTheirs()}>
              {t('segments.conflict.theirs')}
            </button>
            <button type="button" class="main" disabled={busy} onClick={() => void saving.overwrite()}>
              {t('segments.conflict.mine')}
            </button>
          </>
        ) : (
          <>
            <button
              type="button"
              disabled={busy}
              onClick={() => {
                drafting.discard()
                saving.forgive()
                if (isNew) navigate('/segments')
              }}
            >
              {t('segments.discard')}
            </button>
            <button type="button" class="main" disabled={busy} onClick={() => void saving.save()}>
              {t(isNew ? 'segments.create' : 'save')}
            </button>
          </>
        )}
      </div>
    </div>
  )
}
