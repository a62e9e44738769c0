/** Shorter values stand for somebody only where they stand alone: a user id `7` is no reason to remove every 7. */
const SHORT = 5

/**
 * Whether a text names somebody by one of the values they were known by, in any case: as a word of its own, short ones
 * as the whole text or as a whole JSON string.
 */
export function mentions(values: readonly string[]): (text: string) => boolean {
  const folded = values.map((value) => value.trim().toLowerCase()).filter((value) => value !== '')
  const short = folded.filter(({ length }) => length < SHORT)
  const long = folded.filter(({ length }) => length >= SHORT).flatMap((value) => [value, inJson(value)])
  return (text) => {
    const whole = text.toLowerCase()
    return (
      short.some((value) => whole.trim() === value || whole.includes(JSON.stringify(value))) ||
      long.some((value) => hasWord(whole, value))
    )
  }
}

function inJson(value: string): string {
  return JSON.stringify(value).slice(1, -1)
}

function hasWord(text: string, word: string): boolean {
  for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + 1)) {
    if (!isLetter(text[at - 1]) && !isLetter(text[at + word.length])) return true
  }
  return false
}

function isLetter(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}_]/u.test(character)
}
