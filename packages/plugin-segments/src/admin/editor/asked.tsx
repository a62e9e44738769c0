import { t } from '@clientele/admin-sdk'
import { useLayoutEffect } from 'preact/hooks'
import {
  choicesOf,
  comparesFields,
  fieldsFor,
  formsOf,
  isFixed,
  type EditorField,
  type Language,
  type Leaf,
  type TypeDescription,
} from '../language/language.ts'
import { fieldTitleOf, typeTitle } from '../language/words.ts'
import { blankLeaf } from '../model/blank.ts'
import { Comparison, type Compared } from './comparison.tsx'
import { Select } from './controls.tsx'
import { JsonInput } from './json.tsx'
import { Parameters } from './parameters.tsx'

interface AskedProps {
  readonly language: Language
  readonly type: TypeDescription
  readonly leaf: Leaf
  readonly onLeaf: (leaf: Leaf, typing?: boolean) => void
}

const COMPARED = ['field', 'operator', 'value']

/** The controls of one rule, by what its type says of itself. */
export function Asked({ onCome, ...asked }: AskedProps & { readonly onCome: () => void }) {
  useLayoutEffect(onCome, [])
  return <Controls {...asked} />
}

function Controls({ language, type, leaf, onLeaf }: AskedProps) {
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
      <FieldPicker language={language} type={type} leaf={leaf} onLeaf={onLeaf} />
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

function FieldPicker({ language, type, leaf, onLeaf }: AskedProps) {
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
