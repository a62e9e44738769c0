import { choicesOf, formFor, isFixed, type EditorField, type Schema } from '../language/language.ts'
import { asksRules, elementOf } from '../language/shape.ts'
import { blankComparison, blankSchema } from './blank.ts'

/** The parameters of a rule, or of an object in it. */
export type Properties = Readonly<Record<string, unknown>>

/** What a parameter begins with that somebody adds. */
export function blankParameter(schema: Schema, hint: EditorField | undefined): unknown {
  if (hint?.fields && asksRules(hint)) {
    const [first] = hint.fields
    const own = hint.fields.filter(({ name }) => name === first!.name)
    return [{ property: first!.name === '*' ? '' : first!.name, ...blankComparison(own) }]
  }
  if (hint?.kind === 'window') return { last: { amount: 30, unit: 'day' } }
  if (hint && hint.operators.length > 0) return blankComparison([hint])
  const blank = blankSchema(schema)
  const element = elementOf(schema)
  const isEmpty = Array.isArray(blank) && blank.length === 0
  return isEmpty && element?.properties ? [blankSchema(element)] : blank
}

/** Another word may ask for other parameters: those that it does not know go, those that it needs come. */
export function refit(forms: readonly Schema[], value: Properties, name: string): Properties {
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
