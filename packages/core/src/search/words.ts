import { foldText } from './fold-text.ts'

/** Of one word, in characters: of what is longer the beginning counts. PostgreSQL takes 2,046 bytes. */
const LONGEST_WORD = 100

/** Different words of one document; further ones are not found. PostgreSQL takes 1 MB of them. */
const MOST_WORDS = 2000

/** Words of one query; further ones are not asked for. */
const MOST_QUERY_WORDS = 50

/** Grows when the same text gives other words than before: everything is then indexed anew. */
export const WORDS_VERSION = 1

/** What a search asks for: rows that have all of `words`, and a word that begins with `prefix`. */
export interface SearchQuery {
  readonly words: readonly string[]
  readonly prefix: string
}

/**
 * The different words of a row's texts (and numbers), folded. A word is a run of letters and digits. A character of a script that is
 * written without spaces (Chinese, Japanese, Thai, …) is a word of its own. An e-mail address gives the words in it and
 * is one word besides.
 */
export function wordsOf(texts: readonly unknown[]): readonly string[] {
  const found = new Set<string>()
  for (const text of texts) {
    if (typeof text !== 'string' && typeof text !== 'number') continue
    for (const word of wordsIn(foldText(String(text)), 'apart')) found.add(word)
  }
  return found.size <= MOST_WORDS ? [...found] : [...found].slice(0, MOST_WORDS)
}

/** The words of a query, the last of them a beginning; null when there is not even one letter or digit. */
export function readSearch(text: string): SearchQuery | null {
  const words = [...wordsIn(foldText(text), 'whole')].slice(0, MOST_QUERY_WORDS)
  const prefix = words.pop()
  return prefix === undefined ? null : { words: [...new Set(words)], prefix }
}

// The same for ASCII, where it takes a third of the time.
const PLAIN = /^[\0-\x7f]*$/
const PLAIN_WORD = /[a-z0-9]+/g
const WORD = /[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu
// Looks back first: a long text without an address would otherwise be tried from each of its characters.
const ADDRESS = /(?<![\p{L}\p{N}\p{M}._%+-])[\p{L}\p{N}\p{M}._%+-]+@[\p{L}\p{N}][\p{L}\p{N}\p{M}.-]*/gu
// The last is the sign for a long vowel, which both kana share.
const UNSPACED =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}ー]/u
const PARTS = new RegExp(`${UNSPACED.source}\\p{M}*|(?:(?!${UNSPACED.source}).)+`, 'gu')

/** @param addresses `apart`: the words in them too, by which a row is found; `whole`: what a query means */
function wordsIn(folded: string, addresses: 'apart' | 'whole'): readonly string[] {
  if (!folded.includes('@')) return runsIn(folded)
  const words: string[] = []
  let from = 0
  for (const { 0: address, index } of folded.matchAll(ADDRESS)) {
    const to = index + address.length
    for (const word of runsIn(folded.slice(from, addresses === 'apart' ? to : index))) words.push(word)
    words.push(cut(withoutEnd(address)))
    from = to
  }
  return words.concat(runsIn(folded.slice(from)))
}

/** What ends an address is the sentence's. An expression would begin anew at each of many dots. */
function withoutEnd(address: string): string {
  let end = address.length
  while (address[end - 1] === '.' || address[end - 1] === '-') end -= 1
  return address.slice(0, end)
}

function runsIn(folded: string): readonly string[] {
  const isPlain = PLAIN.test(folded)
  const runs = folded.match(isPlain ? PLAIN_WORD : WORD) ?? []
  if (isPlain) return folded.length <= LONGEST_WORD ? runs : runs.map(cut)
  return runs.flatMap((run) => (UNSPACED.test(run) ? (run.match(PARTS) ?? []) : [run])).map(cut)
}

function cut(word: string): string {
  return word.length <= LONGEST_WORD
    ? word
    : Array.from(word.slice(0, 2 * LONGEST_WORD))
        .slice(0, LONGEST_WORD)
        .join('')
}
