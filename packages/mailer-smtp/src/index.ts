export { smtp } from './smtp.ts'
export type { SmtpOptions } from './smtp.options.ts'
