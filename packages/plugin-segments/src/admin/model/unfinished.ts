import { isGroup, walk, type Group } from './tree.ts'

/** The first rule with something still to be filled in, or the group without a rule; null when there is none. */
export function firstUnfinished(root: Group): string | null {
  for (const { node } of walk(root))
    if (
      isGroup(node) ? node.match === 'atLeast' && !(node.count <= node.parts.length) : !isComplete(node.leaf)
    )
      return node.id
  return null
}

/** Nothing of it is still to be filled in. */
function isComplete(value: unknown): boolean {
  if (value === '' || value === null || Number.isNaN(value)) return false
  if (Array.isArray(value)) return value.length > 0 && value.every(isComplete)
  if (typeof value === 'object') return Object.values(value).every(isComplete)
  return true
}
