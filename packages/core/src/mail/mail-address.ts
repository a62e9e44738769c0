import type { MailAddress } from './mail-transport.ts'

// One address and nothing that a header or an envelope would read as more: no list, comment, route, quotes or line end.
const ADDRESS = /^[^\s\p{C}<>()[\]\\,;:"@]+@[^\s\p{C}<>()[\]\\,;:"@]+$/u

/** Whether the text is one address that may stand in a mail's envelope. */
export function isMailAddress(text: string): boolean {
  return text.length <= 254 && ADDRESS.test(text)
}

/** Reads `hello@shop.example` or `Shop <hello@shop.example>`; null for anything else. */
export function parseSender(text: string): MailAddress | null {
  const [, name = '', inside] = /^([^<>\p{Cc}]*)<([^<>]+)>$/u.exec(text.trim()) ?? []
  const address = inside ?? text.trim()
  if (!isMailAddress(address)) return null
  return { name: name.trim().replace(/^"(.*)"$/, '$1'), address }
}
