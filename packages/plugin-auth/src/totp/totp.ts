import { Secret, TOTP } from 'otpauth'

const PERIOD_SECONDS = 30
const SECRET_BYTES = 20

/** What an authenticator app reads. */
export interface TotpEnrolment {
  /** For typing in. */
  readonly secret: string
  /** For a QR code. */
  readonly uri: string
}

/** A secret of so many random bytes, as apps take it. */
export function enrolmentOf(
  bytes: Uint8Array,
  names: { readonly issuer: string; readonly label: string },
): TotpEnrolment {
  const secret = new Secret({ buffer: Uint8Array.from(bytes).buffer })
  const totp = new TOTP({ ...names, secret, period: PERIOD_SECONDS, digits: 6, algorithm: 'SHA1' })
  return { secret: secret.base32, uri: totp.toString() }
}

export const TOTP_SECRET_BYTES = SECRET_BYTES

/** The step whose code this is, at most one before or after now; null when it is none. */
export function stepOf(otp: string, secret: string, now: number): number | null {
  const totp = new TOTP({
    secret: Secret.fromBase32(secret),
    period: PERIOD_SECONDS,
    digits: 6,
    algorithm: 'SHA1',
  })
  const delta = totp.validate({ token: otp, timestamp: now, window: 1 })
  return delta === null ? null : Math.floor(now / 1000 / PERIOD_SECONDS) + delta
}
