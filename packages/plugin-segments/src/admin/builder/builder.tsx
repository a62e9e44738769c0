import { useEffect, useRef, useState } from 'preact/hooks'
import type { Language } from '../language/language.ts'
import type { Names } from '../language/sentence.ts'
import { blankLeaf } from '../model/blank.ts'
import { find, insert, isGroup, newClause, type Group } from '../model/tree.ts'
import { AddRule } from './add-rule.tsx'
import { BuildingContext, type Building, type Issue, type Target } from './context.ts'
import { GroupView } from './group.tsx'

interface BuilderProps {
  readonly language: Language
  readonly names: Names
  readonly root: Group
  readonly isReadOnly: boolean
  readonly issues: ReadonlyMap<string, readonly Issue[]>
  readonly onEdit: (by: (root: Group) => Group, field?: string) => void
  /** The focus has left a field: what is typed next is another edit. */
  readonly onLeave: () => void
}

const PARTS = {
  first: '.row select, .row input, .row textarea, .row button',
  menu: ':scope > .row button[aria-haspopup=menu]',
  add: ':scope > .adds button',
} as const

/** Groups over rules, to be edited by mouse or by keyboard alone. */
export function Builder({ language, names, root, isReadOnly, issues, onEdit, onLeave }: BuilderProps) {
  const [adding, setAdding] = useState<string | null>(null)
  const target = useRef<Target | null>(null)
  const frame = useRef<HTMLDivElement>(null)
  useEffect(() => {
    const { id, part } = target.current ?? {}
    if (!id || !part) return
    target.current = null
    const node = frame.current?.querySelector(`[data-node="${id}"]`)
    node?.querySelector<HTMLElement>(PARTS[part])?.focus()
  })
  const building: Building = {
    ...{ language, names, root, isReadOnly },
    edit(by, focus, field) {
      if (focus) target.current = focus
      onEdit(by, field)
    },
    add: setAdding,
    issuesOf: (id) => issues.get(id) ?? [],
  }
  return (
    <BuildingContext.Provider value={building}>
      <div ref={frame} class="builder" onFocusOut={onLeave}>
        <GroupView group={root} at={1} of={1} depth={1} />
      </div>
      {adding !== null && (
        <AddRule
          language={language}
          onClose={() => setAdding(null)}
          onChoose={(type, field) => {
            const clause = newClause(blankLeaf(language, type, field))
            setAdding(null)
            building.edit((now) => appended(now, adding, clause), { id: clause.id, part: 'first' })
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
