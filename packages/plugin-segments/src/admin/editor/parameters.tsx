import { Icon, t } from '@clientele/admin-sdk'
import type { ComponentChildren } from 'preact'
import {
  choicesOf,
  formFor,
  formsOf,
  isFixed,
  typeOf,
  type EditorField,
  type Language,
  type Schema,
} from '../language/language.ts'
import { choiceTitle, fieldTitleOf, parameterTitle, typeTitle } from '../language/words.ts'
import { blankComparison, blankSchema } from '../model/blank.ts'
import { Comparison, Rules, type Compared } from './comparison.tsx'
import { NumberInput, Select, TextInput, type ControlProps } from './controls.tsx'
import { JsonInput } from './json.tsx'
import { useSuggestions } from './suggestions.ts'
import { DayInput, DurationInput, WindowInput } from './time.tsx'
import { Tokens } from './tokens.tsx'
import { ValueInput } from './value.tsx'

type Properties = Readonly<Record<string, unknown>>

interface ParametersProps {
  readonly language: Language
  /** The type whose words name the parameters. */
  readonly type: string
  /** The forms that the object may have. */
  readonly forms: readonly Schema[]
  /** What plugins say of its properties. */
  readonly hints: readonly EditorField[]
  readonly value: Properties
  readonly onValue: (value: Properties, typing?: boolean) => void
  /** Drawn elsewhere. */
  readonly without?: readonly string[]
  /** Stands between what is needed and what can be added. */
  readonly children?: ComponentChildren
}

/** The parameters of a rule, from the schema of its type: those that it needs, and those that can be added. */
export function Parameters({
  language,
  type,
  forms,
  hints,
  value,
  onValue,
  without = [],
  children,
}: ParametersProps) {
  const form = formFor(forms, value)
  if (!form?.properties)
    return (
      <JsonInput
        label={typeTitle(type)}
        value={value}
        onValue={(next, typing) => onValue(next as Properties, typing)}
      />
    )
  const comparison = hints.find(({ name, operators }) => name === 'value' && operators.length > 0)
  const isCompared = comparison !== undefined && form.properties['operator'] !== undefined
  const names = Object.keys(form.properties).filter(
    (name) =>
      !without.includes(name) &&
      name !== 'type' &&
      !(isCompared && name === 'value') &&
      form.properties![name]!.const === undefined,
  )
  const set = (name: string, next: unknown, typing?: boolean): void => {
    const changed = { ...value, [name]: next }
    onValue(isFixed(form.properties![name]!) ? refit(forms, changed, name) : changed, typing)
  }
  const isNeeded = (name: string): boolean => form.required?.includes(name) === true
  const draw = (name: string) => {
    if (isCompared && name === 'operator')
      return (
        <Comparison
          key={name}
          fields={[comparison]}
          value={value as unknown as Compared}
          onValue={({ operator, value: next }, typing) =>
            onValue({ ...value, operator, value: next }, typing)
          }
        />
      )
    const title = parameterTitle(type, name)
    const hint = hints.find((one) => one.name === name)
    const isRules = hint !== undefined && asksRules(hint)
    const without = (): void => {
      const { [name]: _, ...rest } = value
      onValue(rest)
    }
    return (
      <span key={name} class="parameter">
        {title !== typeTitle(type) && (
          <span class="quiet" aria-hidden="true">
            {title}
          </span>
        )}
        <Parameter
          language={language}
          type={type}
          label={title}
          schema={form.properties![name]!}
          hint={hint}
          value={value[name]}
          onValue={(next, typing) => {
            if (isRules && (next as readonly unknown[]).length === 0) without()
            else set(name, next, typing)
          }}
        />
        {!isNeeded(name) && !isRules && (
          <button
            type="button"
            class="plain icon"
            aria-label={t('segments.parameter.remove', { name: title })}
            onClick={without}
          >
            <Icon name="x" />
          </button>
        )}
      </span>
    )
  }
  return (
    <>
      {names.filter(isNeeded).map(draw)}
      {children}
      {names.filter((name) => !isNeeded(name) && value[name] !== undefined).map(draw)}
      {names
        .filter((name) => !isNeeded(name) && value[name] === undefined)
        .map((name) => (
          <button
            key={name}
            type="button"
            class="plain small"
            onClick={() =>
              set(
                name,
                startOf(
                  form.properties![name]!,
                  hints.find((one) => one.name === name),
                ),
              )
            }
          >
            <Icon name="plus" />
            {parameterTitle(type, name)}
          </button>
        ))}
    </>
  )
}

/** Another word may ask for other parameters: those that it does not know go, those that it needs come. */
function refit(forms: readonly Schema[], value: Properties, name: string): Properties {
  if (forms.length < 2) return value
  const own = forms.filter((form) => choicesOf(form.properties?.[name] ?? {}).includes(value[name]))
  const form = formFor(own, value)
  if (!form?.properties) return value
  const kept = Object.entries(value).filter(
    ([one, given]) =>
      form.properties![one] &&
      (!isFixed(form.properties![one]) || choicesOf(form.properties![one]).includes(given)),
  )
  return { ...(blankSchema(form) as Properties), ...Object.fromEntries(kept) }
}

function startOf(schema: Schema, hint: EditorField | undefined): unknown {
  if (hint?.fields && asksRules(hint)) {
    const [first] = hint.fields
    const own = hint.fields.filter(({ name }) => name === first!.name)
    return [{ property: first!.name === '*' ? '' : first!.name, ...blankComparison(own) }]
  }
  if (hint?.kind === 'window') return { last: { amount: 30, unit: 'day' } }
  if (hint && hint.operators.length > 0) return blankComparison([hint])
  const blank = blankSchema(schema)
  return schema.type === 'array' &&
    Array.isArray(blank) &&
    blank.length === 0 &&
    schema.items &&
    schema.items.properties
    ? [blankSchema(schema.items)]
    : blank
}

interface ParameterProps extends ControlProps {
  readonly language: Language
  readonly type: string
  readonly schema: Schema
  readonly hint: EditorField | undefined
}

/** One parameter, by what its plugin says of it, or else by its schema. */
function Parameter(props: ParameterProps) {
  const { language, type, schema, hint, label, value, onValue } = props
  const suggestions = useSuggestions(hint?.suggest)
  const forms = formsOf(schema)
  const texts = suggestions.map((one) => one.value)
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
  if (forms.length > 1 && forms.every(({ properties }) => properties?.['type']?.const !== undefined))
    return <OneOf {...props} forms={forms} />
  if (schema.properties)
    return (
      <span class="nested">
        <Parameters
          language={language}
          type={type}
          forms={[schema]}
          hints={hint?.fields ?? typeOf(language, type)?.fields ?? []}
          value={(value ?? {}) as Properties}
          onValue={onValue}
        />
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
  if (
    schema.type === 'array' &&
    schema.items &&
    (schema.items.type === 'string' || schema.items.type === 'number')
  )
    return (
      <Tokens
        label={label}
        value={Array.isArray(value) ? (value as unknown[]) : []}
        suggestions={texts}
        isNumber={schema.items.type === 'number'}
        onValue={onValue}
      />
    )
  if (schema.type === 'array' && schema.items && schema.items.properties)
    return <ListOf {...props} item={schema.items} />
  return <JsonInput label={label} value={value} onValue={onValue} />
}

/** A word of a closed set, which may be the name of a field. */
function choiceLabel(language: Language, type: string, choice: unknown): string {
  const field = typeOf(language, type)?.fields.find(({ name }) => name === choice)
  return field ? fieldTitleOf(type, field) : choiceTitle(choice)
}

/** One of several objects, told apart by their `type`. */
function OneOf({
  language,
  label,
  value,
  onValue,
  forms,
}: ParameterProps & { readonly forms: readonly Schema[] }) {
  const given = (value ?? {}) as Properties
  const type = String(given['type'] ?? '')
  const names = forms.map((form) => String(form.properties!['type']!.const))
  const own = forms.filter((_, at) => names[at] === type)
  return (
    <span class="nested">
      <Select
        label={label}
        value={type}
        options={[...new Set(names)].map((name) => ({ value: name, label: typeTitle(name) }))}
        onValue={(next) => onValue(blankSchema(forms[names.indexOf(String(next))]))}
      />
      <Parameters
        key={type}
        language={language}
        type={type}
        forms={own}
        hints={typeOf(language, type)?.fields.filter(({ name }) => name !== 'value') ?? []}
        value={given}
        onValue={onValue}
      />
    </span>
  )
}

/** Several objects of one shape, in order. */
function ListOf({
  language,
  type,
  schema,
  hint,
  label,
  value,
  onValue,
  item,
}: ParameterProps & { readonly item: Schema }) {
  const list = (Array.isArray(value) ? value : []) as readonly Properties[]
  return (
    <div class="rules" role="group" aria-label={label}>
      {list.map((one, at) => (
        <div key={at} class="rule">
          <Parameters
            language={language}
            type={type}
            forms={[item]}
            hints={hint?.fields ?? typeOf(language, type)?.fields ?? []}
            value={one}
            onValue={(next, typing) => onValue(list.with(at, next), typing)}
          />
          {list.length > (schema.minItems ?? 0) && (
            <button
              type="button"
              class="plain icon"
              aria-label={t('segments.rule.remove')}
              onClick={() => onValue(list.toSpliced(at, 1))}
            >
              <Icon name="x" />
            </button>
          )}
        </div>
      ))}
      <button type="button" class="plain small" onClick={() => onValue([...list, blankSchema(item)])}>
        <Icon name="plus" />
        {t('segments.rule.add_step')}
      </button>
    </div>
  )
}

/** Its fields are what rules compare; others are the parameters of its elements. */
function asksRules({ fields = [] }: EditorField): boolean {
  return fields.some(({ operators }) => operators.length > 0)
}

function isDuration({ properties }: Schema): boolean {
  return properties?.['amount'] !== undefined && properties['unit'] !== undefined
}

/** One text, or several of them. */
function isTextOrTexts([one, many]: readonly Schema[]): boolean {
  return one?.type === 'string' && many?.type === 'array' && !!many.items && many.items.type === 'string'
}
