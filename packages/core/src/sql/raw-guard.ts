import type { BinaryOperationNode, IdentifierNode, OperationNode, RawNode, ValueNode } from 'kysely'
import { coreErrors } from '../errors/core.errors.ts'
import type { Registry } from '../plugin/registry.ts'
import type { Capabilities } from '../storage/storage.ts'
import { snakeCase } from './names.ts'
import { operatorOf } from './output-type.ts'
import { tokenize, type Token } from './raw-lexer.ts'
import { PLAIN_MARK, rawText, SPECIAL_MARK, type RawText } from './raw-text.ts'
import { REFUSED_FUNCTIONS, REFUSED_PREFIXES, STATEMENT_WORDS } from './raw-words.ts'
import { isTrusted } from './trusted-node.ts'

/**
 * Refuses SQL text that could reach what the binding does not see: fragments may name columns and functions, never
 * tables. All checks throw `storage.raw_table`.
 */
export interface RawGuard {
  checkExpression(node: RawNode): void
  /** Raw SQL in the place of a table: one call of a table function, or one sub-query. */
  checkSource(node: OperationNode): void
  /** A raw alias of a table: a name, with names for its columns. */
  checkAlias(node: RawNode): void
  /** Raw SQL behind a statement, where `or true` would undo the statement's WHERE. */
  checkModifier(node: RawNode): void
  checkFunction(name: string): void
  /** SQLite reads a table behind `in` without parentheses. */
  checkOperation(node: BinaryOperationNode): void
}

/** In these calls `from` stands between arguments. */
const FROM_CALLS: ReadonlySet<string> = new Set(['extract', 'trim', 'substring', 'overlay'])

/** What may stand behind `in` and is certainly a list or a sub-query. */
const LISTS: ReadonlySet<OperationNode['kind']> = new Set<OperationNode['kind']>([
  ...(['PrimitiveValueListNode', 'ValueListNode', 'SelectQueryNode', 'ParensNode', 'TupleNode'] as const),
])
const SOURCES: ReadonlySet<OperationNode['kind']> = new Set<OperationNode['kind']>([
  ...(['SelectQueryNode', 'ValuesNode', 'FunctionNode', 'AggregateFunctionNode'] as const),
])

/** What SQL behind a WHERE may begin with. */
const MODIFIERS: ReadonlySet<string> = new Set([
  'for',
  'limit',
  'offset',
  'order',
  'group',
  'having',
  'window',
])

const KNOWN_LIMIT = 5_000

export function createRawGuard({ tablePrefix, tables }: Registry, { dialect }: Capabilities): RawGuard {
  /** Texts that passed. Fragments come from code, so there are few. */
  const known = new Set<string>()

  const isRefusedName = (name: string): boolean =>
    STATEMENT_WORDS.has(name) ||
    REFUSED_FUNCTIONS.has(name) ||
    REFUSED_PREFIXES.some((prefix) => name.startsWith(prefix)) ||
    (tablePrefix === '' ? tables.has(name) : name.startsWith(tablePrefix.toLowerCase()))

  const tokensOf = (raw: RawText): readonly Token[] => {
    const tokens = tokenize(raw, dialect)
    if (!tokens || !isBalanced(tokens)) throw refused(raw)
    tokens.forEach((token, index) => {
      if (token.kind === 'word' && isRefusedName(token.text) && !isAllowed(tokens, index)) throw refused(raw)
      if (token.text === 'in' && !isListBehind(tokens, index)) throw refused(raw)
      // A table's row or column may be named by `sql.id`, which quotes it; the table itself may not.
      if (
        token.parameter?.kind === 'IdentifierNode' &&
        isRefusedIdentifier(token.parameter as IdentifierNode)
      )
        throw refused(raw)
    })
    return tokens
  }
  const isRefusedIdentifier = ({ name }: IdentifierNode): boolean => {
    const physical = snakeCase(name).toLowerCase()
    return !STATEMENT_WORDS.has(physical) ? isRefusedName(physical) : physical === 'information_schema'
  }

  return {
    checkExpression(node) {
      if (isTrusted(node)) return
      const raw = rawText(node)
      if (!raw.forged && known.has(raw.text)) return
      tokensOf(raw)
      if (known.size >= KNOWN_LIMIT) known.clear()
      // These depend on the parameter, which differs from query to query.
      if (!raw.text.includes(SPECIAL_MARK) && !/\bin\s*\uE000/i.test(raw.text)) known.add(raw.text)
    },
    checkSource(node) {
      const inner = node.kind === 'ParensNode' && 'node' in node ? (node.node as OperationNode) : node
      if (SOURCES.has(inner.kind) || isTrusted(inner)) return
      if (inner.kind !== 'RawNode')
        throw coreErrors['storage.raw_table']({ fragment: `a ${inner.kind} in the place of a table` })
      const raw = rawText(inner as RawNode)
      const tokens = tokensOf(raw)
      const [only] = tokens
      if (tokens.length === 1 && only?.parameter?.kind === 'SelectQueryNode') return
      if (!isOneCall(tokens) && !isValueList(tokens)) throw refused(raw)
    },
    checkAlias(node) {
      const raw = rawText(node)
      const tokens = tokensOf(raw)
      const named = tokens[0]?.kind === 'word' || tokens[0]?.parameter?.kind === 'IdentifierNode'
      if (!named || (tokens.length > 1 && !closesAtEnd(tokens, 1))) throw refused(raw)
    },
    checkModifier(node) {
      const raw = rawText(node)
      const [first] = tokensOf(raw)
      if (first && !MODIFIERS.has(first.text)) throw refused(raw)
    },
    checkFunction(name) {
      const plain = name.toLowerCase()
      if (!/^[a-z_][a-z0-9_]*$/.test(plain) || isRefusedName(plain))
        throw coreErrors['storage.raw_table']({ fragment: name })
    },
    checkOperation({ operator, rightOperand }) {
      const text = operatorOf(operator)
      if (
        operator.kind === 'RawNode' &&
        tokensOf(rawText(operator as RawNode)).some((token) => token.text === 'in')
      ) {
        throw refused(rawText(operator as RawNode))
      }
      if ((text === 'in' || text === 'not in') && !isList(rightOperand)) {
        throw coreErrors['storage.raw_table']({ fragment: `${text} ${rightOperand.kind}` })
      }
    },
  }

  function isList(node: OperationNode): boolean {
    if (isTrusted(node) || LISTS.has(node.kind)) return true
    if (node.kind === 'ValueNode') return !(node as ValueNode).immediate
    if (node.kind !== 'RawNode') return false
    const [first] = tokensOf(rawText(node as RawNode))
    return first?.text === '(' || (first?.parameter !== undefined && isList(first.parameter))
  }

  function isListBehind(tokens: readonly Token[], index: number): boolean {
    const next = tokens[index + 1]
    if (callAround(tokens, index) === 'position') return true
    return next?.text === '(' || (next?.parameter !== undefined && isList(next.parameter))
  }
}

/** The exceptions: words that mean something harmless in this place. */
function isAllowed(tokens: readonly Token[], index: number): boolean {
  const text = tokens[index]?.text
  const before = (steps: number): string | undefined => tokens[index - steps]?.text
  if (text === 'update')
    return before(1) === 'for' || (before(1) === 'key' && before(2) === 'no' && before(3) === 'for')
  if (text !== 'from') return false
  if (before(1) === 'distinct') return before(2) === 'is' || (before(2) === 'not' && before(3) === 'is')
  return FROM_CALLS.has(callAround(tokens, index)) && firstFromOfCall(tokens, index)
}

/** The function whose arguments the token stands in; empty outside of calls. */
function callAround(tokens: readonly Token[], index: number): string {
  const open = openingBefore(tokens, index)
  const name = open > 0 ? tokens[open - 1] : undefined
  return name?.kind === 'word' ? name.text : ''
}

function openingBefore(tokens: readonly Token[], index: number): number {
  let depth = 0
  for (let at = index - 1; at >= 0; at--) {
    if (tokens[at]?.text === ')') depth++
    if (tokens[at]?.text === '(' && depth-- === 0) return at
  }
  return -1
}

function firstFromOfCall(tokens: readonly Token[], index: number): boolean {
  const open = openingBefore(tokens, index)
  return !tokens
    .slice(open, index)
    .some((token, at) => token.text === 'from' && openingBefore(tokens, open + at) === open)
}

function isBalanced(tokens: readonly Token[]): boolean {
  let depth = 0
  for (const { text } of tokens) {
    if (text === '(') depth++
    if (text === ')' && --depth < 0) return false
  }
  return depth === 0
}

function isOneCall(tokens: readonly Token[]): boolean {
  return tokens[0]?.kind === 'word' && closesAtEnd(tokens, 1)
}

function isValueList(tokens: readonly Token[]): boolean {
  return tokens[1]?.text === 'values' && closesAtEnd(tokens, 0)
}

/** The parenthesis that opens at `index` closes with the last token. */
function closesAtEnd(tokens: readonly Token[], index: number): boolean {
  if (tokens[index]?.text !== '(') return false
  let depth = 0
  for (let at = index; at < tokens.length; at++) {
    if (tokens[at]?.text === '(') depth++
    if (tokens[at]?.text === ')' && --depth === 0) return at === tokens.length - 1
  }
  return false
}

function refused({ text }: RawText): Error {
  return coreErrors['storage.raw_table']({
    fragment: text.replaceAll(PLAIN_MARK, '?').replaceAll(SPECIAL_MARK, '?'),
  })
}
