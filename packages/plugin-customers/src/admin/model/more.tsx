import { t } from '@clientele/admin-sdk'
import type { Pages } from './pages.ts'

/** The way to the next page of a list, and why it could not be read. */
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
        {t('customers.more')}
      </button>
    </p>
  )
}
