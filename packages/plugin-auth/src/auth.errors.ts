import { defineErrors } from '@clientele/core'

type None = Readonly<Record<string, never>>

/** Errors of accounts, each with what to do about it. They never say whether there is an account. */
export const authErrors = defineErrors({
  'auth.no_role': {
    status: 403,
    title: 'No role',
    detail: (p: { tenantId: string }) =>
      `Cannot let you into "${p.tenantId}": you are signed in, but have no role there; ask somebody who manages its users`,
  },
  'auth.wrong_password': {
    status: 401,
    title: 'Wrong address or password',
    detail: (_: None) =>
      'Cannot sign you in: the address or the password is wrong, or the account is not open; check both, or reset the password',
  },
  'auth.second_factor_needed': {
    status: 401,
    title: 'Second factor needed',
    detail: (_: None) =>
      'Cannot sign you in by the password alone: send `otp` from your authenticator app as well, or a `recoveryCode`',
  },
  'auth.wrong_second_factor': {
    status: 401,
    title: 'Wrong second factor',
    detail: (_: None) =>
      'Cannot sign you in: this code is wrong or was used already; wait for the next one, or send a `recoveryCode`',
  },
  'auth.wrong_code': {
    status: 422,
    title: 'Wrong code',
    detail: (_: None) =>
      'Cannot use this code: it is wrong, was used, or is older than 5 minutes; after 5 tries ask for a new one',
  },
  'auth.refresh_refused': {
    status: 401,
    title: 'Session over',
    detail: (_: None) =>
      'Cannot go on with this session: the refresh token is not good, was used already, or its session is over; sign in again',
  },
  'auth.cross_site': {
    status: 403,
    title: 'Request of another site',
    detail: (p: { origin: string }) =>
      `Cannot take this request with a cookie: it comes from "${p.origin}" and not from a page of this installation; add the origin to auth({ origins }) if it is yours`,
  },
  'auth.weak_password': {
    status: 422,
    title: 'Weak password',
    detail: (p: { reason: string }) =>
      `Cannot take this password: ${p.reason}; choose another one, best three or four words that do not belong together`,
  },
  'auth.registration_closed': {
    status: 403,
    title: 'By invitation only',
    detail: (_: None) =>
      `Cannot sign you up: accounts are by invitation here; ask for one, or set auth({ registration: 'open' })`,
  },
  'auth.email_taken': {
    status: 409,
    title: 'Address taken',
    detail: (_: None) =>
      'Cannot change your address to this one: meanwhile another account has it; use another address',
  },
  'auth.not_a_user': {
    status: 404,
    title: 'No account',
    detail: (p: { actor: string }) =>
      `This is about your own account, and ${p.actor} has none here; sign in with an address and a password`,
  },
  'auth.totp_on': {
    status: 409,
    title: 'Authenticator in use',
    detail: (_: None) => 'Cannot add an authenticator app: one is in use; remove it first',
  },
  'auth.totp_off': {
    status: 409,
    title: 'No authenticator',
    detail: (_: None) => 'This needs an authenticator app, and none is in use; add one first',
  },
})
