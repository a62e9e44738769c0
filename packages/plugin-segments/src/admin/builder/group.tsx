import { Component } from 'preact'
import { Icon, t } from '@clientele/admin-sdk'
import { NumberInput, Select } from '../editor/controls.tsx'
import { change, insert, isGroup, newGroup, type Group, type Node } from '../model/tree.ts'
import { ClauseView } from './clause.tsx'
import { NO_ISSUES, useBuilding, type Issue, type Issues } from './context.ts'
import { IssueList } from './issues.tsx'
import { NodeMenu } from './node-menu.tsx'

const MATCHES = ['all', 'any', 'atLeast', 'not.any', 'not.all', 'not.atLeast'] as const

interface GroupProps {
  readonly group: Group
  readonly at: number
  readonly of: number
  readonly depth: number
  readonly issues: Issues
}

/** Rules and groups of which all, any, none or so many must be met. */
export function GroupView({ group, at, of, depth, issues }: GroupProps) {
  const { edit, add, isReadOnly, language } = useBuilding()
  const match = `${group.not ? 'not.' : ''}${group.match}`
  const matchText = t(`segments.match.${match}`, { k: group.count })
  const isRoot = depth === 1
  const name = isRoot
    ? t('segments.root.name', { match: matchText })
    : t('segments.group.name', { at, of, match: matchText })
  const set = (by: (group: Group) => Partial<Group>, field?: string): void =>
    edit((root) => change(root, group.id, (one) => ({ ...one, ...by(one as Group) })), undefined, field)
  return (
    <div class="group" data-node={group.id} role="group" aria-label={name}>
      <div class="row">
        {isReadOnly ? (
          <strong class="asked">{matchText}</strong>
        ) : (
          <div class="asked">
            <Select
              label={t('segments.match')}
              value={match}
              options={MATCHES.map((one) => ({
                value: one,
                label: t(`segments.match.${one}`, { k: group.count }),
              }))}
              onValue={(next) => {
                const chosen = String(next)
                set(() => ({
                  not: chosen.startsWith('not.'),
                  match: chosen.replace('not.', '') as Group['match'],
                }))
              }}
            />
            {group.match === 'atLeast' && (
              <NumberInput
                label={t('segments.match.count')}
                value={group.count}
                min={1}
                max={Math.max(group.parts.length, 1)}
                onValue={(count) => set(() => ({ count: Number(count) }), group.id)}
              />
            )}
          </div>
        )}
        {!isRoot && !isReadOnly && <NodeMenu node={group} label={t('segments.menu.group', { name })} />}
      </div>
      <IssueList issues={issues.get(group.id) ?? NO_ISSUES} />
      {group.parts.length > 0 && (
        <div class="parts">
          {group.parts.map((part, index) => (
            <Part
              key={part.id}
              node={part}
              at={index + 1}
              of={group.parts.length}
              depth={depth + 1}
              issues={isGroup(part) ? issues : (issues.get(part.id) ?? NO_ISSUES)}
            />
          ))}
        </div>
      )}
      {!isReadOnly && (
        <div class="adds">
          <button type="button" data-part="add" onClick={() => add(group.id)}>
            <Icon name="plus" />
            {t('segments.add.rule')}
          </button>
          {depth + 2 <= language.limits.depth && (
            <button
              type="button"
              class="plain"
              onClick={() => {
                const inner = newGroup([], group.match === 'any' ? 'all' : 'any')
                edit((root) => insert(root, group.id, group.parts.length, inner), {
                  id: inner.id,
                  part: 'add',
                })
              }}
            >
              {t('segments.add.group')}
            </button>
          )}
        </div>
      )}
    </div>
  )
}

interface PartProps {
  readonly node: Node
  readonly at: number
  readonly of: number
  readonly depth: number
  readonly issues: Issues | readonly Issue[]
}

/** Drawn anew only when something of it changed: trees have up to 200 rules. */
class Part extends Component<PartProps> {
  override shouldComponentUpdate(next: PartProps): boolean {
    const { node, at, of, issues } = this.props
    return node !== next.node || at !== next.at || of !== next.of || issues !== next.issues
  }

  override render({ node, issues, depth, at, of }: PartProps) {
    return isGroup(node) ? (
      <GroupView group={node} at={at} of={of} depth={depth} issues={issues as Issues} />
    ) : (
      <ClauseView clause={node} at={at} of={of} issues={issues as readonly Issue[]} />
    )
  }
}
