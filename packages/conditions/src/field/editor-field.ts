import type { EditorField } from '../editor.ts'
import type { Operator } from '../operator/operator.ts'

/**
 * How an editor asks for a field that operators compare.
 *
 * @param kind of the field; amounts are asked for as money, days as instants
 */
export function editorField(name: string, kind: string, operators: readonly Operator[]): EditorField {
  return {
    name,
    kind: SHOWN[kind] ?? kind,
    operators: operators.map((operator) => operator.name),
    inputs: Object.fromEntries(operators.map((operator) => [operator.name, operator.input])),
  }
}

const SHOWN: Readonly<Record<string, string>> = { amount: 'money', date: 'timestamp' }
