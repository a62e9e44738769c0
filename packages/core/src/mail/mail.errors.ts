import { defineErrors } from '../errors/clientele-error.ts'

/** Errors of mails. Codes are listed in `docs/reference/errors.md`. */
export const mailErrors = defineErrors({
  'mail.invalid': {
    status: 422,
    title: 'Invalid mail',
    detail: (p: { field: string; purpose: string; reason: string }) =>
      `Cannot send the mail "${p.purpose}": its ${p.field} ${p.reason}`,
  },
  'mail.no_base_url': {
    status: 500,
    title: 'No address for links',
    detail: (p: { path: string }) =>
      `Cannot write the link to "${p.path}" into a mail: the host did not say where it is reached; set mail.baseUrl, such as 'https://shop.example'`,
  },
  'mail.no_transport': {
    status: 500,
    title: 'No mail transport',
    detail: (p: { purpose: string }) =>
      `Cannot hand over the mail "${p.purpose}": there is no transport; set mail.transport, such as smtp() of @clientele/mailer-smtp, and retry the job`,
  },
  'mail.not_taken': {
    status: 502,
    title: 'Mail not taken',
    detail: (p: { purpose: string; transport: string; reason: string }) =>
      `Could not hand the mail "${p.purpose}" over to ${p.transport}: ${p.reason}; it is tried again`,
  },
  'mail.refused': {
    status: 502,
    title: 'Mail refused',
    detail: (p: { purpose: string; transport: string; reason: string }) =>
      `Could not hand the mail "${p.purpose}" over to ${p.transport}: ${p.reason}; no further try would help, so mend what it names and retry the job`,
  },
})
