import { useCallback, useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks'
import type { Language } from '../language/language.ts'
import type { Names } from '../language/use-names.ts'
import { blankLeaf } from '../model/blank.ts'
import { find, insert, isGroup, newClause, type Group } from '../model/tree.ts'
import { AddRule } from './add-rule.tsx'
import { Asked } from './asked.ts'
import { BuildingContext, type Building, type Issues, type Target } from './context.ts'
import { GroupView } from './group.tsx'

interface BuilderProps {
  readonly language: Language
  readonly names: Names
  readonly root: Group
  readonly isReadOnly: boolean
  readonly issues: Issues
  readonly onEdit: (by: (root: Group) => Group, field?: string) => void
  /** The focus has left a field: what is typed next is another edit. */
  readonly onLeave: () => void
}

/** Where the focus goes, the best place first. */
const PARTS = {
  first: [
    '.row input[data-missing], .row [data-missing] input',
    '.row select, .row input, .row textarea, .row button',
  ],
  menu: [':scope > .row button[aria-haspopup=menu]'],
  add: [':scope > .adds button'],
} as const

/** Groups over rules, to be edited by mouse or by keyboard alone. */
export function Builder({ language, names, root, isReadOnly, issues, onEdit, onLeave }: BuilderProps) {
  const [adding, setAdding] = useState<string | null>(null)
  const target = useRef<Target | null>(null)
  const frame = useRef<HTMLDivElement>(null)
  const moveFocus = useCallback(() => {
    const { id, part } = target.current ?? {}
    if (!id || !part) return
    const node = frame.current?.querySelector(`[data-node="${id}"]`)
    // The controls of the first rule come later than the rule.
    if (part === 'first' && node?.querySelector('.asked [role=status]')) return
    target.current = null
    for (const place of PARTS[part]) {
      const found = node?.querySelector<HTMLElement>(place)
      if (found) return found.focus()
    }
  }, [])
  useLayoutEffect(moveFocus)
  // Before somebody adds a rule; what fails here is told where the controls would be.
  useEffect(() => void Asked.load().catch(() => {}), [])
  const now = useRef({ root, onEdit })
  now.current = { root, onEdit }
  const building = useMemo(
    (): Building => ({
      ...{ language, names, isReadOnly },
      rootNow: () => now.current.root,
      edit(by, focus, field) {
        if (focus) target.current = focus
        now.current.onEdit(by, field)
      },
      add: setAdding,
      controlsCame: moveFocus,
    }),
    [language, names, isReadOnly],
  )
  return (
    <BuildingContext.Provider value={building}>
      <div ref={frame} class="builder" onFocusOut={onLeave}>
        <GroupView group={root} at={1} of={1} depth={1} issues={issues} />
      </div>
      {adding !== null && (
        <AddRule
          language={language}
          onClose={() => setAdding(null)}
          onChoose={(type, field) => {
            const clause = newClause(blankLeaf(language, type, field))
            setAdding(null)
            building.edit((tree) => appended(tree, adding, clause), { id: clause.id, part: 'first' })
          }}
        />
      )}
    </BuildingContext.Provider>
  )
}

function appended(root: Group, id: string, clause: ReturnType<typeof newClause>): Group {
  const group = find(root, id)?.node
  return group && isGroup(group) ? insert(root, id, group.parts.length, clause) : root
}
