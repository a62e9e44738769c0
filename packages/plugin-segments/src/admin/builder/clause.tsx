import { t } from '@clientele/admin-sdk'
import { JsonInput } from '../editor/json.tsx'
import { typeOf, type Leaf } from '../language/language.ts'
import { sentenceOf } from '../language/sentence.ts'
import { change, type Clause } from '../model/tree.ts'
import { Asked } from './asked.ts'
import { useBuilding, type Issue } from './context.ts'
import { IssueList } from './issues.tsx'
import { NodeMenu } from './node-menu.tsx'

interface ClauseProps {
  readonly clause: Clause
  readonly at: number
  readonly of: number
  readonly issues: readonly Issue[]
}

/** One rule: what it asks, and the sentence that this makes. */
export function ClauseView({ clause, at, of, issues }: ClauseProps) {
  const { language, names, edit, isReadOnly, controlsCame } = useBuilding()
  const { id, leaf, not } = clause
  const type = typeOf(language, leaf.type)
  const set = (next: Leaf, typing?: boolean): void =>
    edit((root) => change(root, id, (node) => ({ ...node, leaf: next })), undefined, typing ? id : undefined)
  const sentence = sentenceOf(language, leaf, names)
  const text = not ? t('segments.not', { sentence }) : sentence
  return (
    <div class="clause" data-node={id} role="group" aria-label={t('segments.rule.name', { at, of, text })}>
      {!isReadOnly && (
        <div class="row">
          <div class="asked">
            {not && <span class="badge not">{t('segments.not.badge')}</span>}
            {type ? (
              <Asked language={language} type={type} leaf={leaf} onLeaf={set} onCome={controlsCame} />
            ) : (
              <JsonInput
                label={t('segments.unknown_type', { type: leaf.type })}
                value={leaf}
                onValue={(next, typing) => set(next as Leaf, typing)}
              />
            )}
          </div>
          <NodeMenu node={clause} label={t('segments.menu.rule', { text })} />
        </div>
      )}
      <p class={isReadOnly ? undefined : 'sentence'}>{text}</p>
      <IssueList
        issues={issues}
        {...(isReadOnly ? {} : { onReplace: (wrong, right) => set(replaced(leaf, wrong, right) as Leaf) })}
      />
    </div>
  )
}

/** The same with a text in it replaced, wherever it stands. */
function replaced(value: unknown, wrong: string, right: string): unknown {
  if (value === wrong) return right
  if (Array.isArray(value)) return value.map((one) => replaced(one, wrong, right))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replaced(one, wrong, right)]))
}
