import type { MailTransport } from '@clientele/core'

/** Prints each mail for the person at the keyboard. A real deployment takes `smtp()` of `@clientele/mailer-smtp`. */
export function consoleMails(): MailTransport {
  return {
    id: 'console',
    from: 'Shop <hello@shop.example>',
    async send({ to, subject, text }) {
      const lines = [`To: ${to}`, `Subject: ${subject}`, '', ...text.trimEnd().split('\n')]
      process.stdout.write(`\n${lines.map((line) => `  │ ${line}`.trimEnd()).join('\n')}\n\n`)
    },
  }
}
