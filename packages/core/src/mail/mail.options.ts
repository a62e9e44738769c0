import type { MailTransport } from './mail-transport.ts'
import { parseSender } from './mail-address.ts'

/** How mails leave, and what they say of where they come from. */
export interface MailOptions {
  /**
   * Takes mails away.
   * @default none: mails are logged in development, with their codes masked; in production their jobs fail and wait
   */
  readonly transport?: MailTransport
  /** The sender: `hello@shop.example` or `Shop <hello@shop.example>`. @default the transport's */
  readonly from?: string
  /**
   * Where people reach the host, `https://shop.example`: what links in mails begin with, and whose cookies and tokens
   * accounts have.
   * @default none: mails that need a link fail
   */
  readonly baseUrl?: string
  /** Without a transport, in development: write mails to the log as they are, codes and links too. @default false */
  readonly console?: boolean
}

/** What is wrong with them. */
export function mailProblems({ transport, from, baseUrl }: MailOptions = {}): string[] {
  const problems: string[] = []
  if (transport && typeof transport.send !== 'function') {
    problems.push('mail.transport must be a transport, such as smtp() of @clientele/mailer-smtp')
  }
  const sender = from ?? transport?.from
  if (transport && sender === undefined) {
    problems.push(`mail.from is missing; name the sender, such as 'Shop <hello@shop.example>'`)
  }
  if (sender !== undefined && !parseSender(sender)) {
    problems.push(
      `mail.from "${sender}" is not a sender; use 'hello@shop.example' or 'Shop <hello@shop.example>'`,
    )
  }
  if (baseUrl !== undefined && !isBaseUrl(baseUrl)) {
    problems.push(
      `mail.baseUrl "${baseUrl}" must be an http(s) address without query and fragment, such as 'https://shop.example'`,
    )
  }
  return problems
}

function isBaseUrl(text: string): boolean {
  if (!URL.canParse(text)) return false
  const { protocol, search, hash, username, password } = new URL(text)
  return /^https?:$/.test(protocol) && !search && !hash && !username && !password
}
