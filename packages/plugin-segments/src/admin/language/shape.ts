import type { EditorField, Schema } from './language.ts'

/** Its fields are what rules compare; others are the parameters of its elements. */
export function asksRules({ fields = [] }: EditorField): boolean {
  return fields.some(({ operators }) => operators.length > 0)
}

/** A span of time. */
export function isDuration({ properties }: Schema): boolean {
  return properties?.['amount'] !== undefined && properties['unit'] !== undefined
}

/** One text, or several of them. */
export function isTextOrTexts([one, many]: readonly Schema[]): boolean {
  return one?.type === 'string' && many?.type === 'array' && !!many.items && many.items.type === 'string'
}

/** Objects of several shapes, told apart by their `type`. */
export function areOfTypes(forms: readonly Schema[]): boolean {
  return forms.length > 1 && forms.every(({ properties }) => properties?.['type']?.const !== undefined)
}

/** What a list holds; undefined where that is no list, or one of fixed places. */
export function elementOf({ type, items }: Schema): Schema | undefined {
  return type === 'array' && items ? items : undefined
}
