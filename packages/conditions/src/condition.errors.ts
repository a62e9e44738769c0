import { defineErrors } from '@clientele/core'

/** One wrong place of a condition. */
export interface ConditionIssue {
  /** Where in the condition: `all.0.not.field`; empty for the whole. */
  readonly path: string
  readonly message: string
}

/** Errors of the condition language. */
export const conditionErrors = defineErrors({
  'condition.invalid': {
    status: 400,
    title: 'Invalid condition',
    detail: (p: { issues: readonly ConditionIssue[] }) =>
      `Cannot read the condition: ${p.issues.map((i) => (i.path ? `${i.path}: ${i.message}` : i.message)).join('; ')}`,
  },
})
