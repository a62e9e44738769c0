import { base, call, t, useQuery } from '@clientele/admin-sdk'
import { Frame } from './frame.tsx'
import { enter } from './place.ts'

/** Whoever is signed in, and may do nothing here: they are told whom to ask. */
export function NoRole() {
  const { data } = useQuery<{ email: string }>('/api/auth/me')
  const leave = async (): Promise<void> => {
    await call('/api/auth/logout', { method: 'POST' }).catch(() => {})
    location.assign(`${base.admin}/sign-in`)
  }
  return (
    <Frame title={t('no_role')} lead={t('no_role.text', { email: data?.email ?? '…' })}>
      <div class="ways">
        <button type="button" class="main" onClick={enter}>
          {t('no_role.again')}
        </button>
        <button type="button" onClick={() => void leave()}>
          {t('sign_out')}
        </button>
      </div>
    </Frame>
  )
}
