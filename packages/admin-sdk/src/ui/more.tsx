import type { Pages } from '../api/use-pages.ts'
import { t } from '../words/words.ts'

/** Below a list that is read by `usePages`: the way to the next page of a list, and why it could not be read. */
export function More({ pages: { more, error, isLoading } }: { readonly pages: Pages<unknown> }) {
  if (!more) return null
  return (
    <p class="more">
      {error && (
        <span class="wrong" role="alert">
          {error.message}
        </span>
      )}
      <button type="button" disabled={isLoading} onClick={more}>
        {t('more')}
      </button>
    </p>
  )
}
