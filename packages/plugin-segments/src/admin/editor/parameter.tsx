import type { ComponentChildren } from 'preact'
import {
  choicesOf,
  formsOf,
  isFixed,
  typeOf,
  type EditorField,
  type Language,
  type Schema,
} from '../language/language.ts'
import { areOfTypes, asksRules, elementOf, isDuration, isTextOrTexts } from '../language/shape.ts'
import { choiceTitle, fieldTitleOf, wordsOf } from '../language/words.ts'
import type { Properties } from '../model/parameter.ts'
import { Comparison, Rules, type Compared } from './comparison.tsx'
import { NumberInput, Select, TextInput, type ControlProps } from './controls.tsx'
import { JsonInput } from './json.tsx'
import { ListOf } from './list-of.tsx'
import { OneOf } from './one-of.tsx'
import { useSuggestions } from './suggestions.ts'
import { DayInput, DurationInput, WindowInput } from './time.tsx'
import { Tokens } from './tokens.tsx'
import { ValueInput } from './value.tsx'

/** An object whose properties are asked for. */
export interface ObjectProps {
  /** The type whose words name the properties. */
  readonly type: string
  /** The forms that the object may have. */
  readonly forms: readonly Schema[]
  /** What plugins say of its properties. */
  readonly hints: readonly EditorField[]
  readonly value: Properties
  readonly onValue: (value: Properties, typing?: boolean) => void
}

/** One thing that a rule asks for. */
export interface ParameterProps extends ControlProps {
  readonly language: Language
  readonly type: string
  readonly schema: Schema
  readonly hint: EditorField | undefined
  /** Draws the controls of an object in it. */
  readonly drawObject: (object: ObjectProps) => ComponentChildren
}

/** One parameter, by what its plugin says of it, or else by its schema. */
export function Parameter(props: ParameterProps) {
  const { hint, schema, label, value, onValue } = props
  if (hint?.fields && asksRules(hint))
    return <Rules label={label} value={value} onValue={onValue} fields={hint.fields} />
  if (hint && hint.operators.length > 0 && schema.properties?.['operator'])
    return (
      <Comparison
        fields={[hint]}
        value={value as Compared}
        onValue={(next, typing) => onValue(next, typing)}
      />
    )
  if (hint?.kind === 'window') return <WindowInput label={label} value={value} onValue={onValue} />
  return <BySchema {...props} />
}

function BySchema(props: ParameterProps) {
  const { language, type, schema, hint, label, value, onValue, drawObject } = props
  const suggestions = useSuggestions(hint?.suggest)
  const texts = suggestions.map((one) => one.value)
  const forms = formsOf(schema)
  const element = elementOf(schema)
  if (isDuration(schema)) return <DurationInput label={label} value={value} onValue={onValue} />
  if (isFixed(schema))
    return (
      <Select
        label={label}
        value={value}
        options={choicesOf(schema).map((one) => ({
          value: String(one),
          label: choiceLabel(language, type, one),
        }))}
        onValue={(next) => onValue(choicesOf(schema).find((one) => String(one) === next))}
      />
    )
  if (hint?.suggest?.label && schema.type === 'string')
    return (
      <Select
        label={label}
        value={value}
        onValue={onValue}
        options={[{ value: '', label: '…' }, ...suggestions]}
      />
    )
  if (isTextOrTexts(forms)) {
    const list = Array.isArray(value) ? (value as unknown[]) : value ? [value] : []
    return (
      <Tokens
        label={label}
        value={list}
        suggestions={texts}
        onValue={(next) => {
          const chosen = next as readonly unknown[]
          onValue(chosen.length > 1 ? chosen : (chosen[0] ?? ''))
        }}
      />
    )
  }
  if (areOfTypes(forms)) return <OneOf {...props} forms={forms} />
  if (schema.properties)
    return (
      <span class="nested">
        {drawObject({
          type,
          forms: [schema],
          hints: hint?.fields ?? typeOf(language, type)?.fields ?? [],
          value: (value ?? {}) as Properties,
          onValue,
        })}
      </span>
    )
  if (schema.type === 'number' || schema.type === 'integer')
    return (
      <NumberInput label={label} value={value} onValue={onValue} min={schema.minimum} max={schema.maximum} />
    )
  if (schema.type === 'boolean')
    return (
      <ValueInput
        input="value"
        field={{ name: '', kind: 'boolean', operators: [] }}
        {...{ label, value, onValue }}
      />
    )
  if (schema.type === 'string')
    return schema.format === 'date' ? (
      <DayInput label={label} value={value} onValue={onValue} />
    ) : (
      <TextInput label={label} value={value} onValue={onValue} suggestions={texts} />
    )
  if (element?.type === 'string' || element?.type === 'number')
    return (
      <Tokens
        label={label}
        value={Array.isArray(value) ? (value as unknown[]) : []}
        suggestions={texts}
        isNumber={element.type === 'number'}
        onValue={onValue}
      />
    )
  if (element?.properties) return <ListOf {...props} item={element} />
  return <JsonInput label={label} value={value} onValue={onValue} />
}

/** A word of a closed set, which may be the name of a field. */
function choiceLabel(language: Language, type: string, choice: unknown): string {
  const field = typeOf(language, type)?.fields.find(({ name }) => name === choice)
  return field ? fieldTitleOf(type, field) : choiceTitle(choice, wordsOf(type))
}
