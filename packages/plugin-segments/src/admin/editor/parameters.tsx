import { Icon, t } from '@clientele/admin-sdk'
import type { ComponentChildren } from 'preact'
import { formFor, isFixed, type Language } from '../language/language.ts'
import { asksRules } from '../language/shape.ts'
import { parameterTitle, typeTitle } from '../language/words.ts'
import { blankParameter, refit } from '../model/parameter.ts'
import { Comparison, type Compared } from './comparison.tsx'
import { JsonInput } from './json.tsx'
import { Parameter, type ObjectProps } from './parameter.tsx'

interface ParametersProps extends ObjectProps {
  readonly language: Language
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
        onValue={(next, typing) => onValue(next as ObjectProps['value'], typing)}
      />
    )
  const { properties, required = [] } = form
  const comparison = hints.find(({ name, operators }) => name === 'value' && operators.length > 0)
  const isCompared = comparison !== undefined && properties['operator'] !== undefined
  const names = Object.keys(properties).filter(
    (name) =>
      !without.includes(name) &&
      name !== 'type' &&
      !(isCompared && name === 'value') &&
      properties[name]!.const === undefined,
  )
  const needed = names.filter((name) => required.includes(name))
  const others = names.filter((name) => !required.includes(name))
  const hintOf = (name: string) => hints.find((one) => one.name === name)
  const set = (name: string, next: unknown, typing?: boolean): void => {
    const changed = { ...value, [name]: next }
    onValue(isFixed(properties[name]!) ? refit(forms, changed, name) : changed, typing)
  }
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
    const hint = hintOf(name)
    const isRules = hint !== undefined && asksRules(hint)
    const remove = (): void => {
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
          schema={properties[name]!}
          hint={hint}
          value={value[name]}
          drawObject={(object) => <Parameters language={language} {...object} />}
          onValue={(next, typing) => {
            if (isRules && (next as readonly unknown[]).length === 0) remove()
            else set(name, next, typing)
          }}
        />
        {!required.includes(name) && !isRules && (
          <button
            type="button"
            class="plain icon"
            aria-label={t('segments.parameter.remove', { name: title })}
            onClick={remove}
          >
            <Icon name="x" />
          </button>
        )}
      </span>
    )
  }
  return (
    <>
      {needed.map(draw)}
      {children}
      {others.filter((name) => value[name] !== undefined).map(draw)}
      {others
        .filter((name) => value[name] === undefined)
        .map((name) => (
          <button
            key={name}
            type="button"
            class="plain small"
            onClick={() => set(name, blankParameter(properties[name]!, hintOf(name)))}
          >
            <Icon name="plus" />
            {parameterTitle(type, name)}
          </button>
        ))}
    </>
  )
}
