import { isProduction } from '../kernel/is-production.ts'
import type { Runtime } from '../kernel/runtime.ts'

/** Said at start: a host that never sends a mail can read past it, one that does must know before its first. */
export function warnOfMissingTransport({ mail, logger }: Pick<Runtime, 'mail' | 'logger'>): void {
  if (mail.transport) return
  if (isProduction())
    logger.warn({}, 'no mail.transport: mails are kept as jobs that fail until there is one')
  else logger.info({}, 'no mail.transport: mails are written to this log and go no further')
}
