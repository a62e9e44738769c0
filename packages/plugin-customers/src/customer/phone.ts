import type { CountryCode } from 'libphonenumber-js/min'

/** A telephone number in E.164 (`+5511987654321`); null for what is none, or does not say its country. */
export type ReadPhone = (text: string, country: string | null) => string | null

let reader: Promise<ReadPhone> | undefined

/** Loads what is known of numbers, 80 kB, when the first of them is read: most processes start without one. */
export function phoneReader(): Promise<ReadPhone> {
  reader ??= import('libphonenumber-js/min').then(({ parsePhoneNumberFromString }) =>
    remembered((text, country) => {
      const options = country === null ? {} : { defaultCountry: country as CountryCode }
      const number = parsePhoneNumberFromString(text, { ...options, extract: false })
      // An extension would be lost: it is no part of E.164.
      return number?.isPossible() && number.ext === undefined ? number.number : null
    }),
  )
  return reader
}

/** Numbers that are kept; reading one takes some twenty microseconds, and a number is read more than once. */
const KEPT = 1000
/** As text, with all that people put between digits; longer ones are none. */
const LONGEST = 50

/** What comes along when a number is copied from an address book: marks of direction, and spaces without width. */
const UNSEEN = /[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g

function remembered(read: ReadPhone): ReadPhone {
  const known = new Map<string, string | null>()
  return (given, country) => {
    if (given.length > LONGEST) return null
    const text = given.replaceAll(UNSEEN, '').trim()
    const key = `${country ?? ''} ${text}`
    const found = known.get(key)
    if (found !== undefined) return found
    const number = read(text, country)
    if (known.size >= KEPT) known.clear()
    known.set(key, number)
    return number
  }
}
