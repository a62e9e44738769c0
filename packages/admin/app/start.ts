import {
  ApiError,
  base,
  chooseTenant,
  chosenTenant,
  isSafeMode,
  loadManifest,
  manifest,
  type Session,
} from '@clientele/admin-sdk'
import { signal, type ReadonlySignal } from '@preact/signals'
import { applyLanguage } from './preferences/language.ts'

const current = signal<ApiError | 'choose-tenant' | null>(null)

/** Why the panel is not there: somebody works in no tenant by themselves, or the server did not answer. */
export const obstacle: ReadonlySignal<ApiError | 'choose-tenant' | null> = current

/** Finds out who is there and what they may see; whoever may not be here is taken to where that is told. */
export async function start(): Promise<void> {
  current.value = null
  // Going on to another page must not bring back what was switched off.
  if (isSafeMode()) sessionStorage.setItem('safe', '1')
  try {
    await loadManifest()
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return meet(error)
  }
  applyLanguage()
  const known = manifest.value
  if (!known) {
    const next = location.pathname.slice(base.admin.length) + location.search
    location.replace(`${base.admin}/sign-in?next=${encodeURIComponent(next)}`)
  } else if (known.session.permissions.length === 0) location.replace(`${base.admin}/no-role`)
  else titleOf(known.session)
}

function meet(error: ApiError): Promise<void> | undefined {
  if (error.code === 'http.tenant_needed') current.value = 'choose-tenant'
  // What was chosen once is no longer theirs.
  else if (error.status === 403 && chosenTenant() !== null) {
    chooseTenant(null)
    return start()
  } else if (error.status === 403) location.replace(`${base.admin}/no-role`)
  else current.value = error
  return undefined
}

/** Pages put their own title before it. */
function titleOf({ tenant }: Session): void {
  const [page] = document.title.split(' · ')
  document.title = document.title.includes(' · ') ? `${page} · ${tenant.name}` : tenant.name
}
