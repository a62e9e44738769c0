import { Menu, t, type MenuItem } from '@clientele/admin-sdk'
import {
  change,
  copyOf,
  find,
  insert,
  isGroup,
  moved,
  type Group,
  type Move,
  type Node,
} from '../model/tree.ts'
import { useBuilding, type Target } from './context.ts'

/** What can be done with a rule or a group: moved, copied, negated, removed; all without dragging. */
export function NodeMenu({ node, label }: { readonly node: Node; readonly label: string }) {
  const { rootNow, edit } = useBuilding()
  const here: Target = { id: node.id, part: 'menu' }
  const move = (way: Move): MenuItem => ({
    id: way,
    label: t(`segments.move.${way}`),
    // Asked when the menu opens: the tree around it may have changed.
    get isDisabled() {
      return moved(rootNow(), node.id, way) === null
    },
    onSelect: () => edit((now) => moved(now, node.id, way) ?? now, here),
  })
  return (
    <Menu
      label=""
      title={label}
      class="plain icon"
      items={[
        move('up'),
        move('down'),
        move('in'),
        move('out'),
        move('wrap'),
        {
          id: 'negate',
          label: t(node.not ? 'segments.negate.undo' : 'segments.negate'),
          isSeparated: true,
          onSelect: () => edit((now) => change(now, node.id, (one) => ({ ...one, not: !one.not })), here),
        },
        {
          id: 'copy',
          label: t('segments.copy'),
          onSelect() {
            const copy = copyOf(node)
            edit((now) => after(now, node.id, copy), { id: copy.id, part: 'first' })
          },
        },
        {
          id: 'remove',
          label: t(isGroup(node) ? 'segments.remove.group' : 'segments.remove.rule'),
          isSeparated: true,
          onSelect: () => edit((now) => change(now, node.id, () => null), afterRemoval(rootNow(), node.id)),
        },
      ]}
    />
  )
}

function after(root: Group, id: string, node: Node): Group {
  const found = find(root, id)
  return found?.parent ? insert(root, found.parent.id, found.index + 1, node) : root
}

/** The rule that stands where the removed one stood, or else the group's own button. */
function afterRemoval(root: Group, id: string): Target {
  const { parent, index } = find(root, id)!
  const next = parent!.parts[index + 1] ?? parent!.parts[index - 1]
  return next ? { id: next.id, part: 'menu' } : { id: parent!.id, part: 'add' }
}
