import type { Condition, Leaf } from '../language/language.ts'

/** Groups and rules as the builder edits them: each has an id that survives moves, and may be negated. */
export type Node = Group | Clause

export interface Group {
  readonly id: string
  readonly not: boolean
  readonly match: 'all' | 'any' | 'atLeast'
  /** How many, for `atLeast`. */
  readonly count: number
  readonly parts: readonly Node[]
}

export interface Clause {
  readonly id: string
  readonly not: boolean
  readonly leaf: Leaf
  /** What stands in its JSON editor while that is no JSON. */
  readonly text?: string
}

let made = 0
const newId = (): string => `n${++made}`

export function isGroup(node: Node): node is Group {
  return 'parts' in node
}

export function newClause(leaf: Leaf): Clause {
  return { id: newId(), not: false, leaf }
}

export function newGroup(parts: readonly Node[] = [], match: Group['match'] = 'all'): Group {
  return { id: newId(), not: false, match, count: 1, parts }
}

/** Reads a condition. Its root is always a group, and no negation stands in another. */
export function readTree(condition: Condition | null): Group {
  const node = condition ? read(condition) : newGroup()
  return isGroup(node) ? node : newGroup([node])
}

function read(condition: Condition): Node {
  if ('type' in condition) return newClause(condition)
  if ('not' in condition) {
    const inner = read(condition.not)
    return { ...inner, not: !inner.not }
  }
  if ('all' in condition) return newGroup(condition.all.map(read))
  if ('any' in condition) return newGroup(condition.any.map(read), 'any')
  const { atLeast, of } = condition as { atLeast: number; of: readonly Condition[] }
  return { ...newGroup(of.map(read), 'atLeast'), count: atLeast }
}

/** The condition that the API reads. */
export function writeTree(node: Node): Condition {
  const plain = isGroup(node) ? writeGroup(node) : node.leaf
  return node.not ? { not: plain } : plain
}

function writeGroup({ match, count, parts }: Group): Condition {
  const of = parts.map(writeTree)
  if (match === 'atLeast') return { atLeast: count, of }
  return match === 'all' ? { all: of } : { any: of }
}

/** The node that a path of the API leads to, and the rest of the path within it. */
export function nodeAt(root: Group, path: string): { readonly id: string; readonly rest: string } {
  let node: Node = root
  const keys = path === '' ? [] : path.split('.')
  while (keys.length > 0) {
    if (keys[0] === 'not') keys.shift()
    if (!isGroup(node) || !/^(all|any|of)$/.test(keys[0] ?? '')) break
    const next: Node | undefined = node.parts[Number(keys[1])]
    if (!next) break
    node = next
    keys.splice(0, 2)
  }
  return { id: node.id, rest: keys.join('.') }
}

/** Every node with its parent, in the order of reading. */
export function* walk(
  node: Node,
  parent: Group | null = null,
  index = 0,
): Generator<{ readonly node: Node; readonly parent: Group | null; readonly index: number }> {
  yield { node, parent, index }
  if (isGroup(node)) for (const [at, part] of node.parts.entries()) yield* walk(part, node, at)
}

export function find(root: Group, id: string) {
  for (const found of walk(root)) if (found.node.id === id) return found
  return undefined
}

/** Replaces a node by what `change` makes of it; null takes it out. */
export function change(root: Group, id: string, by: (node: Node) => Node | null): Group {
  const visit = (node: Node): readonly Node[] => {
    if (node.id === id) {
      const next = by(node)
      return next ? [next] : []
    }
    if (!isGroup(node)) return [node]
    const parts = node.parts.flatMap(visit)
    const isSame = parts.length === node.parts.length && parts.every((one, at) => one === node.parts[at])
    return [isSame ? node : { ...node, parts, count: Math.min(node.count, Math.max(parts.length, 1)) }]
  }
  return visit(root)[0] as Group
}

export function insert(root: Group, group: string, index: number, node: Node): Group {
  return change(root, group, (one) =>
    isGroup(one) ? { ...one, parts: one.parts.toSpliced(index, 0, node) } : one,
  )
}

export type Move = 'up' | 'down' | 'in' | 'out' | 'wrap'

/** The tree after a move; null where there is no way. `in` goes into the next group, or else the one before. */
export function moved(root: Group, id: string, way: Move): Group | null {
  const found = find(root, id)
  if (!found?.parent) return null
  const { node, parent, index } = found
  const without = change(root, id, () => null)
  if (way === 'wrap') return change(root, id, (one) => newGroup([one]))
  if (way === 'up' || way === 'down') {
    const to = index + (way === 'up' ? -1 : 1)
    return to < 0 || to >= parent.parts.length ? null : insert(without, parent.id, to, node)
  }
  if (way === 'out') {
    const outer = find(root, parent.id)!
    return outer.parent ? insert(without, outer.parent.id, outer.index + 1, node) : null
  }
  const [after, before] = [parent.parts[index + 1], parent.parts[index - 1]]
  if (after && isGroup(after)) return insert(without, after.id, 0, node)
  return before && isGroup(before) ? insert(without, before.id, before.parts.length, node) : null
}

/** A copy with ids of its own. */
export function copyOf(node: Node): Node {
  return isGroup(node) ? { ...node, id: newId(), parts: node.parts.map(copyOf) } : { ...node, id: newId() }
}
