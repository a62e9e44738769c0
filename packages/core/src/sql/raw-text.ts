import type { OperationNode, RawNode, ValueNode } from 'kysely'
import { isTrusted } from './trusted-node.ts'

/** Stand for one parameter in the text; letters of a private Unicode area, refused in fragments. */
export const PLAIN_MARK = '\uE000'
export const SPECIAL_MARK = '\uE001'

export interface RawText {
  /** All fragments in order, also those of raw SQL inside raw SQL, with a mark in each parameter's place. */
  readonly text: string
  readonly parameters: readonly OperationNode[]
  /** A fragment holds a character that stands for a parameter. */
  readonly forged: boolean
}

/** These are written as a placeholder, a quoted name or in parentheses: they cannot join with the text around them. */
const PLAIN: ReadonlySet<OperationNode['kind']> = new Set<OperationNode['kind']>([
  ...(['ReferenceNode', 'ColumnNode', 'SelectQueryNode', 'ParensNode', 'TupleNode'] as const),
  ...(['ValueListNode', 'PrimitiveValueListNode'] as const),
])

export function isPlain(node: OperationNode): boolean {
  return (
    PLAIN.has(node.kind) || isTrusted(node) || (node.kind === 'ValueNode' && !(node as ValueNode).immediate)
  )
}

/** Text that is split over fragments and nested raw SQL is read as the database will read it. */
export function rawText(node: RawNode): RawText {
  const parameters: OperationNode[] = []
  const text: string[] = []
  const collect = ({ sqlFragments, parameters: own }: RawNode): void => {
    sqlFragments.forEach((fragment, index) => {
      text.push(fragment)
      const parameter = own[index]
      if (!parameter) return
      if (parameter.kind === 'RawNode' && !isTrusted(parameter)) return collect(parameter as RawNode)
      parameters.push(parameter)
      text.push(isPlain(parameter) ? PLAIN_MARK : SPECIAL_MARK)
    })
  }
  collect(node)
  const joined = text.join('')
  const marks = joined.split(PLAIN_MARK).length + joined.split(SPECIAL_MARK).length - 2
  return { text: joined, parameters, forged: marks !== parameters.length }
}
