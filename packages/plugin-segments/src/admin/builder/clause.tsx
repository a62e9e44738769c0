import { t } from '@clientele/admin-sdk'
import { Comparison, type Compared } from '../editor/comparison.tsx'
import { Select } from '../editor/controls.tsx'
import { JsonInput } from '../editor/json.tsx'
import { Parameters } from '../editor/parameters.tsx'
import {
  choicesOf,
  comparesFields,
  fieldsFor,
  formsOf,
  isFixed,
  typeOf,
  type EditorField,
  type Leaf,
  type TypeDescription,
} from '../language/language.ts'
import { sentenceOf } from '../language/sentence.ts'
import { fieldTitleOf, typeTitle } from '../language/words.ts'
import { blankLeaf } from '../model/blank.ts'
import { change, type Clause } from '../model/tree.ts'
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
  const { language, names, edit, isReadOnly } = useBuilding()
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
              <Asked type={type} leaf={leaf} onLeaf={set} />
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

interface AskedProps {
  readonly type: TypeDescription
  readonly leaf: Leaf
  readonly onLeaf: (leaf: Leaf, typing?: boolean) => void
}

const COMPARED = ['field', 'operator', 'value']

function Asked({ type, leaf, onLeaf }: AskedProps) {
  const { language } = useBuilding()
  const schema = language.schema.$defs[type.name]
  if (!schema)
    return (
      <JsonInput
        label={typeTitle(type.name)}
        value={leaf}
        onValue={(next, typing) => onLeaf(next as Leaf, typing)}
      />
    )
  if (!comparesFields(type, schema))
    return (
      <>
        <strong class="subject">{typeTitle(type.name)}</strong>
        <Parameters
          language={language}
          type={type.name}
          forms={formsOf(schema)}
          hints={type.fields}
          value={leaf}
          onValue={(next, typing) => onLeaf(next as Leaf, typing)}
        />
      </>
    )
  const fields = fieldsFor(type, leaf)
  const own = formsOf(schema).filter(({ properties }) => {
    const asked = properties?.['field']
    return !asked || !isFixed(asked) || choicesOf(asked).includes(leaf['field'])
  })
  const { operator, value, ...rest } = leaf
  return (
    <>
      <FieldPicker type={type} leaf={leaf} onLeaf={onLeaf} />
      <Parameters
        language={language}
        type={type.name}
        forms={own}
        hints={type.fields.filter(({ name }) => !COMPARED.includes(name))}
        value={leaf}
        without={COMPARED}
        onValue={(next, typing) => onLeaf(next as Leaf, typing)}
      >
        <Comparison
          fields={fields}
          value={{ operator, value } as Compared}
          alike={alikeOf(type, fields[0])}
          onValue={(next, typing) => onLeaf({ ...rest, ...next }, typing)}
        />
      </Parameters>
    </>
  )
}

function FieldPicker({ type, leaf, onLeaf }: AskedProps) {
  const { language } = useBuilding()
  const own = type.fields.filter(({ operators }) => operators.length > 0)
  const known = own.filter(({ name }, at) => own.findIndex((one) => one.name === name) === at)
  if (own.every(({ name }) => name === '*')) return <strong class="subject">{typeTitle(type.name)}</strong>
  return (
    <Select
      label={t('segments.field', { type: typeTitle(type.name) })}
      value={leaf['field']}
      options={known.map((field) => ({ value: field.name, label: fieldTitleOf(type.name, field) }))}
      onValue={(next) => {
        const field = own.find(({ name }) => name === next)!
        const fits =
          field.kind === fieldsFor(type, leaf)[0]?.kind &&
          !field.values &&
          field.operators.includes(String(leaf['operator']))
        onLeaf(
          fits && leaf['path'] === undefined
            ? { ...leaf, field: field.name }
            : blankLeaf(language, type, field.name),
        )
      }}
    />
  )
}

/** The other fields that may hold the same. */
function alikeOf(type: TypeDescription, field: EditorField | undefined) {
  const kind = (one: EditorField): string =>
    one.kind === 'enum' ? 'text' : one.kind === 'integer' ? 'number' : one.kind
  if (!field) return []
  return type.fields
    .filter((one) => one.name !== field.name && kind(one) === kind(field) && one.operators.includes('sameAs'))
    .map((one) => ({ value: one.name, label: fieldTitleOf(type.name, one) }))
}

/** The same with a text in it replaced, wherever it stands. */
function replaced(value: unknown, wrong: string, right: string): unknown {
  if (value === wrong) return right
  if (Array.isArray(value)) return value.map((one) => replaced(one, wrong, right))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, replaced(one, wrong, right)]))
}
