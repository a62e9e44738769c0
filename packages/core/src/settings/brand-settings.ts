import * as z from 'zod'
import { defineSettings } from './settings.ts'

/** The largest logo that is stored itself, in bytes. */
const LARGEST_LOGO = 65_536
const LONGEST_ADDRESS = 2000
/** How pictures begin, by which they are known whatever they claim to be. */
const SIGNATURES: Readonly<Record<string, RegExp>> = {
  png: /^89504e470d0a1a0a/,
  jpeg: /^ffd8ff/,
  webp: /^52494646.{8}57454250/,
}

const hexColor = z
  .string()
  .regex(/^#[0-9a-f]{6}$/i, 'must be a colour as six hexadecimal digits, such as #3355dd')
  .overwrite((color) => color.toLowerCase())

/** How a tenant looks: where its people sign in, in the admin, and in mails. */
export const BrandSettings = defineSettings(
  'brand',
  z.object({
    logoUrl: z
      .string()
      .max(100_000)
      .refine(
        isLogo,
        'must be an https address, or a PNG, JPEG or WebP of at most 64 KiB as data:image/png;base64,…; SVG can hold scripts and is refused',
      )
      .overwrite(asWritten)
      .nullable()
      .default(null)
      .describe('A picture by its https address, or itself as a data URL; mails show only the former'),
    color: hexColor.default('#3355dd').describe('The accent on light backgrounds'),
    darkColor: hexColor.nullable().default(null).describe('The accent on dark ones; null: made from `color`'),
  }),
)

function isLogo(text: string): boolean {
  const [, kind, data] = /^data:image\/(png|jpeg|webp);base64,([\w+/]+={0,2})$/.exec(text) ?? []
  if (kind === undefined || data === undefined) return isHttps(text)
  const bytes = Buffer.from(data, 'base64')
  return bytes.length <= LARGEST_LOGO && SIGNATURES[kind]!.test(bytes.subarray(0, 12).toString('hex'))
}

function isHttps(text: string): boolean {
  if (text.length > LONGEST_ADDRESS || !URL.canParse(text)) return false
  const { href, protocol, username, password } = new URL(text)
  if (href.length > LONGEST_ADDRESS) return false
  return protocol === 'https:' && username === '' && password === ''
}

/** As browsers read an address: they forgive spaces and line breaks, which mails and other readers need not. */
function asWritten(text: string): string {
  return text.startsWith('data:') || !isHttps(text) ? text : new URL(text).href
}
