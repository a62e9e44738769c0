import { Icon, t } from '@clientele/admin-sdk'
import { kindOf, type EditorField } from '../language/language.ts'
import { kindTitle, operatorTitle, parameterTitle } from '../language/words.ts'
import { blankComparison, blankInput, inputOf } from '../model/blank.ts'
import { Select, TextInput, type ControlProps } from './controls.tsx'
import { useSuggestions } from './suggestions.ts'
import { ValueInput } from './value.tsx'

/** An operator and its value. */
export interface Compared {
  readonly operator: string
  readonly value?: unknown
}

interface ComparisonProps {
  /** What is compared: one field, or one for each kind that its values may have. */
  readonly fields: readonly EditorField[]
  readonly value: Compared
  readonly onValue: (value: Compared, typing?: boolean) => void
  readonly alike?: readonly { readonly value: string; readonly label: string }[]
  readonly inner?: readonly EditorField[]
}

/** Asks for an operator, and for what that takes. */
export function Comparison({
  fields,
  value: { operator, value },
  onValue,
  alike = [],
  inner,
}: ComparisonProps) {
  const field = kindOf(fields, operator, value) ?? fields[0]
  if (!field) return null
  const isMixed = fields.length > 1
  const choose = (next: string): void => {
    const at = next.indexOf(':')
    const [kind, name] = [next.slice(0, at), next.slice(at + 1)]
    const chosen = fields.find((one) => one.kind === kind) ?? field
    const input = inputOf(chosen, name)
    const isSame = chosen.kind === field.kind && input === inputOf(field, operator)
    const kept = isSame ? value : blankInput(input, chosen)
    onValue({ operator: name, ...(kept === undefined ? {} : { value: kept }) })
  }
  const optionsOf = (one: EditorField) =>
    one.operators
      .filter((name) => alike.length > 0 || inputOf(one, name) !== 'field')
      .map((name) => ({ value: `${one.kind}:${name}`, label: operatorTitle(name, one.kind) }))
  return (
    <>
      <Select
        label={t('segments.operator')}
        value={`${field.kind}:${operator}`}
        onValue={(next) => choose(String(next))}
        options={optionsOf(field)}
      >
        {isMixed
          ? fields.map((one) => (
              <optgroup key={one.kind} label={kindTitle(one.kind)}>
                {optionsOf(one).map((option) => (
                  <option key={option.value} value={option.value}>
                    {option.label}
                  </option>
                ))}
              </optgroup>
            ))
          : undefined}
      </Select>
      <ValueInput
        key={`${field.kind}:${inputOf(field, operator)}`}
        input={inputOf(field, operator)}
        field={field}
        label={t('segments.value')}
        value={value}
        alike={alike}
        elements={(control) => <Rules {...control} fields={inner ?? fields} />}
        onValue={(next, typing) => onValue({ operator, value: next }, typing)}
      />
    </>
  )
}

interface Rule extends Compared {
  readonly property?: string
}

interface RulesProps extends ControlProps {
  /** What each rule can ask; `*` takes any name. */
  readonly fields: readonly EditorField[]
}

/** Rules about the properties of an event, an order, an element: all must hold. */
export function Rules({ label, value, onValue, fields }: RulesProps) {
  const rules = (Array.isArray(value) ? value : []) as readonly Rule[]
  const known = [...new Set(fields.map(({ name }) => name))]
  const isOpen = known.includes('*')
  const suggestions = useSuggestions(fields[0]?.suggest)
  const fieldsOf = (property: string | undefined): readonly EditorField[] =>
    fields.filter(({ name }) => name === '*' || name === property)
  const start = (): Rule =>
    isOpen
      ? { property: '', ...blankComparison(fieldsOf('*')) }
      : { property: known[0]!, ...blankComparison(fieldsOf(known[0])) }
  return (
    <div class="rules" role="group" aria-label={label}>
      {rules.map((rule, at) => (
        <div key={at} class="rule">
          {isOpen ? (
            <TextInput
              label={t('conditions.parameter.property')}
              value={rule.property}
              suggestions={suggestions.map((one) => one.value)}
              onValue={(property, typing) =>
                onValue(rules.with(at, { ...rule, property: String(property) }), typing)
              }
            />
          ) : (
            <Select
              label={t('conditions.parameter.property')}
              value={rule.property}
              options={known.map((one) => ({ value: one, label: parameterTitle('where', one) }))}
              onValue={(next) => {
                const property = String(next)
                onValue(rules.with(at, { property, ...blankComparison(fieldsOf(property)) }))
              }}
            />
          )}
          <Comparison
            fields={fieldsOf(rule.property)}
            inner={isOpen ? fields : []}
            value={rule}
            onValue={(next, typing) => {
              const { operator: _, value: __, ...rest } = rule
              onValue(rules.with(at, { ...rest, ...next }), typing)
            }}
          />
          <button
            type="button"
            class="plain icon"
            aria-label={t('segments.rule.remove')}
            onClick={() => onValue(rules.toSpliced(at, 1))}
          >
            <Icon name="x" />
          </button>
        </div>
      ))}
      {rules.length < 10 && (
        <button type="button" class="plain small" onClick={() => onValue([...rules, start()])}>
          <Icon name="plus" />
          {t('segments.rule.add')}
        </button>
      )}
    </div>
  )
}
