import type { Mail, Timestamp } from '@clientele/core'
import { readableOn } from '../brand/accent.ts'
import type { Brand } from '../brand/brand.ts'
import { CODE_SECONDS } from '../code/code.service.ts'
import type { Locale } from '../user/user.entity.ts'
import { WORDS, type MailKind } from './words.ts'

/** What a mail says besides its words. */
export interface MailValues {
  /** What the installation is called. */
  readonly app: string
  readonly code?: string | undefined
  /** The other address, where one has replaced another. */
  readonly email?: string | undefined
  /** What the tenant is called. */
  readonly shop?: string | undefined
  /** A page of this installation. */
  readonly link?: string | undefined
  /** How long it is good, as people read it. */
  readonly until?: string | undefined
  /** What somebody signed in with, in words; when and from which address. */
  readonly device?: string | undefined
  readonly when?: string | undefined
  readonly ip?: string | undefined
}

/**
 * A mail as text and as HTML, in the tenant's brand. A code comes without a link: nobody can make one lead elsewhere, and
 * it is typed where it was asked for.
 */
export function compose(
  { kind, locale, brand }: { readonly kind: MailKind; readonly locale: Locale; readonly brand: Brand },
  values: MailValues,
): Pick<Mail, 'subject' | 'text' | 'html'> {
  const { subject, body } = WORDS[locale][kind]
  const say = (text: string): string => filled(text, values)
  const name = oneLine(brand.name)
  const accent = readableOn(brand.color, '#ffffff')
  const html = `<!doctype html>
<html lang="${locale}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light">
<title>${escaped(say(subject))}</title>
<body style="margin:0;padding:24px;background:#fff;color:#1c1c1c;font:16px/1.5 system-ui,sans-serif">
<main style="max-width:32em;margin:0 auto;border-top:4px solid ${accent};padding-top:16px">
<p style="font-weight:700;color:${accent}">${logo(brand)}${escaped(name)}</p>
${body.map((part) => block(part, say(part), accent)).join('\n')}
</main>
</body>
</html>
`
  return { subject: say(subject), text: `${[...body.map(say), `-- \n${name}`].join('\n\n')}\n`, html }
}

function block(part: string, said: string, accent: string): string {
  const text = escaped(said)
  if (part === '{link}') return `<p><a href="${text}" style="color:${accent}">${text}</a></p>`
  if (part !== '{code}') return `<p>${text}</p>`
  const size = said.length > 12 ? '14px/1.4' : '28px/1.2'
  const spacing = said.length > 12 ? '0' : '6px'
  const font = `font:700 ${size} ui-monospace,Consolas,monospace;letter-spacing:${spacing}`
  return `<p style="${font};overflow-wrap:anywhere">${text}</p>`
}

/** Only one that is fetched: mail programs do not show pictures that stand in the mail as data. */
function logo({ logoUrl }: Brand): string {
  if (!logoUrl?.startsWith('https:')) return ''
  return `<img src="${escaped(logoUrl)}" alt="" height="32" style="display:block;margin-bottom:8px">`
}

function filled(text: string, values: MailValues): string {
  const known: Readonly<Record<string, string | undefined>> = {
    ...values,
    minutes: String(CODE_SECONDS / 60),
  }
  return text.replaceAll(/\{(\w+)\}/g, (_, name: string) => oneLine(known[name] ?? ''))
}

/** An instant as people read it: `2026-01-22 12:00 UTC`. */
export function asRead(at: Timestamp): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`
}

/** What somebody is called must neither end a header nor begin a paragraph of its own. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\p{Cc}\u2028\u2029]/gu, ' ')
}

function escaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (mark) => `&#${mark.charCodeAt(0)};`)
}
