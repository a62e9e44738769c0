import type { Mail } from '@clientele/core'
import { CODE_SECONDS } from '../code/code.service.ts'
import type { Locale } from '../user/user.entity.ts'
import { WORDS, type MailKind } from './words.ts'

/** What a mail says besides its words. */
export interface MailValues {
  readonly app: string
  readonly code?: string
  /** The other address, where one has replaced another. */
  readonly email?: string
}

/** A mail as text and as HTML. It has no links: nobody can make one lead elsewhere, and a code is typed where it was asked for. */
export function compose(
  kind: MailKind,
  locale: Locale,
  values: MailValues,
): Pick<Mail, 'subject' | 'text' | 'html'> {
  const { subject, before, after } = WORDS[locale][kind]
  const say = (text: string): string => filled(text, values)
  const lines = [...before.map(say), ...(values.code ? [values.code] : []), ...after.map(say)]
  const paragraph = (text: string): string => `<p>${escaped(say(text))}</p>`
  const code = values.code
    ? `<p style="font:700 28px/1.2 ui-monospace,Consolas,monospace;letter-spacing:6px">${escaped(values.code)}</p>`
    : ''
  const html = `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(say(subject))}</title>
<body style="margin:0;padding:24px;background:#fff;color:#1c1c1c;font:16px/1.5 system-ui,sans-serif">
<main style="max-width:32em;margin:0 auto">
${[...before.map(paragraph), code, ...after.map(paragraph)].filter(Boolean).join('\n')}
</main>
</body>
</html>
`
  return { subject: say(subject), text: `${lines.join('\n\n')}\n`, html }
}

function filled(text: string, { app, code = '', email = '' }: MailValues): string {
  const values: Readonly<Record<string, string>> = { app, code, email, minutes: String(CODE_SECONDS / 60) }
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '')
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
