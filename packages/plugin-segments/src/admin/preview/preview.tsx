import { fmt, Icon, t } from '@clientele/admin-sdk'
import { PersonLink } from '../person/person-link.tsx'
import type { PreviewState } from './use-preview.ts'

interface PreviewProps {
  readonly state: PreviewState
  /** Something is still to be filled in: the figure is the one of before. */
  readonly isIncomplete: boolean
}

/** How many the rules select, and ten of them. */
export function Preview({ state: { answer, error, isAsking, retry }, isIncomplete }: PreviewProps) {
  const isOld = isAsking || isIncomplete
  const estimate = answer?.estimate
  return (
    <section class="preview" aria-labelledby="preview-title" aria-busy={isAsking}>
      <h2 id="preview-title">{t('segments.preview')}</h2>
      <div role="status">
        {error && error.code !== 'condition.invalid' ? (
          <p class="issue error">
            <Icon name="alert" />
            <span>{error.message}</span>
          </p>
        ) : error ? (
          <p class="quiet">{t('segments.preview.invalid')}</p>
        ) : answer ? (
          <div class={isOld ? 'reach old' : 'reach'}>
            <strong>
              {estimate ? '≈ ' : ''}
              {fmt.number(answer.count)}
            </strong>
            <span class="quiet">
              {t('segments.preview.share', { share: fmt.percent(answer.share) })}
              {estimate && ` · ${t('segments.preview.estimate', { error: estimate.error })}`}
            </span>
            <progress class="share" max={1} value={answer.share} aria-hidden="true" />
          </div>
        ) : (
          <p class="quiet">{t(isIncomplete ? 'segments.preview.incomplete' : 'segments.preview.counting')}</p>
        )}
        {answer && isIncomplete && <p class="quiet">{t('segments.preview.incomplete')}</p>}
      </div>
      {error && error.code !== 'condition.invalid' && (
        <button type="button" onClick={retry}>
          {t('retry')}
        </button>
      )}
      {answer && answer.sample.length > 0 && (
        <>
          <h3>{t('segments.preview.sample')}</h3>
          <ul class={isOld ? 'people old' : 'people'}>
            {answer.sample.map((person) => (
              <li key={person.id}>
                <PersonLink person={person} />
                {person.email && (person.firstName || person.lastName) && (
                  <span class="quiet">{person.email}</span>
                )}
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
