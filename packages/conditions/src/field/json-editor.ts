import type { EditorField } from '../editor.ts'
import { comparisonSchemas } from './comparison-schema.ts'
import { editorField } from './editor-field.ts'
import { jsonComparisons } from './json-value.ts'

/** How an editor asks about values inside JSON: once for each type that they may have. */
export function jsonEditorFields(name: string, title?: string): readonly EditorField[] {
  return jsonComparisons.kinds.map((kind) => ({
    ...editorField(name, kind, jsonComparisons.operatorsOf(kind)),
    ...(title === undefined ? {} : { title }),
  }))
}

/** The JSON Schemas of rules about values inside JSON. */
export function jsonComparisonSchemas(
  named: Readonly<Record<string, unknown>>,
  optional: readonly string[] = [],
): readonly object[] {
  return jsonComparisons.kinds.flatMap((kind) =>
    comparisonSchemas(named, jsonComparisons.operatorsOf(kind), { kind }, optional),
  )
}
