import { base, call, endSession } from '@clientele/admin-sdk'

/** Ends the session here and on the server. */
export async function signOut(): Promise<void> {
  await call('/api/auth/logout', { method: 'POST' }).catch(() => {})
  endSession()
  location.assign(`${base.admin}/sign-in`)
}
