import type { OperationNode } from 'kysely'
import type { Capabilities } from '../storage/storage.ts'
import { isPlain, PLAIN_MARK, SPECIAL_MARK, type RawText } from './raw-text.ts'

export interface Token {
  readonly kind: 'word' | 'number' | 'literal' | 'symbol' | 'parameter'
  /** Words in lower case; empty for literals and parameters. */
  readonly text: string
  readonly parameter?: OperationNode
}

const SPACE = /[ \t\r\n]+/y
const WORD = /[A-Za-z_\u0080-\uDFFF\uE002-\uFFFF][\w\u0080-\uDFFF\uE002-\uFFFF]*/y
const NUMBER = /[0-9.]+/y
const LITERAL = /'(?:[^'\uE000\uE001]|'')*'/y
const IN_WORD = /[\w'"$\u0080-\uDFFF\uE002-\uFFFF]/

/** Never needed in a fragment, and each opens a way to write SQL that a reader of tokens misreads. */
const REFUSED = new Set(['"', '`', ';', '\\', '$', '\0', '{', '}'])
const COMMENTS = new Set(['--', '/*', '*/'])
/** Placeholders and quotes of SQLite; operators of PostgreSQL. */
const REFUSED_ON_SQLITE = new Set(['[', ']', '?', '@', '#', ':'])

/** The tokens of a fragment as both databases read them; null when it could be read in more than one way. */
export function tokenize(
  { text, parameters, forged }: RawText,
  dialect: Capabilities['dialect'],
): readonly Token[] | null {
  if (forged) return null
  const tokens: Token[] = []
  let parameterIndex = 0
  for (let at = 0; at < text.length;) {
    const char = text.charAt(at)
    if (char === PLAIN_MARK || char === SPECIAL_MARK) {
      const parameter = parameters[parameterIndex++] as OperationNode
      if (joins(text, at, parameter)) return null
      tokens.push({ kind: 'parameter', text: '', parameter })
      at += 1
      continue
    }
    if (char === "'" && (IN_WORD.test(text.charAt(at - 1)) || text.charAt(at - 1) === '&')) return null
    const token = textToken(text, at)
    if (!token) return null
    const { kind, length } = token
    if (kind === 'symbol' && COMMENTS.has(text.slice(at, at + 2))) return null
    if (kind === 'symbol' && (REFUSED.has(char) || (dialect === 'sqlite' && REFUSED_ON_SQLITE.has(char))))
      return null
    if (kind !== 'space')
      tokens.push({ kind, text: kind === 'literal' ? '' : text.slice(at, at + length).toLowerCase() })
    at += length
  }
  return tokens
}

/** Whether the text right beside a parameter could become one token with it: `E` and a literal, `-` and a minus. */
function joins(text: string, at: number, parameter: OperationNode): boolean {
  const before = text.charAt(at - 1)
  const after = text.charAt(at + 1)
  if (IN_WORD.test(before) || IN_WORD.test(after)) return true
  return !isPlain(parameter) && /[-&/*]/.test(before + after)
}

function textToken(
  text: string,
  at: number,
): { readonly kind: Token['kind'] | 'space'; readonly length: number } | null {
  const length = (pattern: RegExp): number => {
    pattern.lastIndex = at
    return pattern.test(text) ? pattern.lastIndex - at : 0
  }
  const space = length(SPACE)
  if (space) return { kind: 'space', length: space }
  const word = length(WORD)
  if (word) return { kind: 'word', length: word }
  const number = length(NUMBER)
  // `1from` is two tokens to some databases and an error to others; `1.` before `.` is a range nobody needs.
  if (number) return { kind: text.charAt(at) === '.' && number === 1 ? 'symbol' : 'number', length: number }
  if (text.charAt(at) !== "'") return { kind: 'symbol', length: 1 }
  const literal = length(LITERAL)
  return literal ? { kind: 'literal', length: literal } : null
}
