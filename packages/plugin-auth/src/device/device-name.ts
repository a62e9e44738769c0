import type { Locale } from '../user/user.entity.ts'

/** What a device is called: `Firefox on Windows`. Versions and models are left out. */
export interface DeviceName {
  /** Null for one that we do not know. */
  readonly program: string | null
  readonly system: string | null
}

/** The first that fits: many call themselves what others are as well. */
const PROGRAMS: readonly (readonly [string, RegExp])[] = [
  ['Edge', /\bEdg(?:e|A|iOS)?\//],
  ['Opera', /\b(?:OPR|Opera)\//],
  ['Samsung Internet', /\bSamsungBrowser\//],
  ['Firefox', /\b(?:Firefox|FxiOS)\//],
  ['Chrome', /\b(?:Chrome|CriOS|Chromium)\//],
  ['Safari', /\bSafari\//],
  ['curl', /^curl\//],
  ['Node.js', /^(?:node|undici)\b/i],
  ['Python', /^python\b/i],
]

const SYSTEMS: readonly (readonly [string, RegExp])[] = [
  ['iPhone', /\b(?:iPhone|iPod)\b/],
  ['iPad', /\biPad\b/],
  ['Android', /\bAndroid\b/],
  ['ChromeOS', /\bCrOS\b/],
  ['Windows', /\bWindows\b/],
  ['macOS', /\b(?:Macintosh|Mac OS X)\b/],
  ['Linux', /\b(?:Linux|X11)\b/],
]

const WORDS: Readonly<Record<Locale, { readonly unknown: string; readonly on: string }>> = {
  en: { unknown: 'An unknown program', on: 'on' },
  pt: { unknown: 'Um programa desconhecido', on: 'em' },
}

/** What a `User-Agent` says, as far as people would say it. */
export function deviceNameOf(userAgent: string): DeviceName {
  return { program: firstOf(PROGRAMS, userAgent), system: firstOf(SYSTEMS, userAgent) }
}

/** Only words of ours: nothing that a request says of itself gets into a mail. */
export function deviceInWords(userAgent: string, locale: Locale): string {
  const { program, system } = deviceNameOf(userAgent)
  const { unknown, on } = WORDS[locale]
  return `${program ?? unknown}${system === null ? '' : ` ${on} ${system}`}`
}

function firstOf(names: typeof PROGRAMS, userAgent: string): string | null {
  return names.find(([, sign]) => sign.test(userAgent))?.[0] ?? null
}
