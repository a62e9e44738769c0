import type { EditorField } from '../condition-type.ts'
import { jsonComparisons } from './json-value.ts'

/** How an editor asks about values inside JSON: once for each type that they may have. */
export function jsonEditorFields(name: string): readonly EditorField[] {
  return jsonComparisons.kinds.map((kind) => {
    const operators = jsonComparisons.operatorsOf(kind)
    return {
      name,
      kind: kind === 'date' ? 'timestamp' : kind,
      operators: operators.map((operator) => operator.name),
      inputs: Object.fromEntries(operators.map((operator) => [operator.name, operator.input])),
    }
  })
}
