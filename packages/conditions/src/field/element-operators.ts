import { expressionBuilder } from 'kysely'
import * as z from 'zod'
import { complement } from '../operator/complement.ts'
import type { Operator } from '../operator/operator.ts'
import { allOperators } from '../operator/operators.ts'
import { createJsonComparisons, jsonAt } from './json-comparisons.ts'
import { jsonKeySchema } from './json-key.ts'

/** A rule about an element of a list, or about one of its properties. */
interface ElementRule {
  readonly property?: string | undefined
  readonly operator: string
  readonly value?: unknown
}

/** Lists within lists are not looked into. */
const scalars = createJsonComparisons(['json', 'text', 'number', 'boolean', 'date'], allOperators)

const rules: z.ZodType<readonly ElementRule[]> = z
  .array(
    z
      .strictObject({
        property: jsonKeySchema.optional(),
        operator: z.string(),
        value: z.unknown().optional(),
      })
      .superRefine((rule, ctx) => {
        const issues = scalars.issues(rule)
        for (const issue of issues) ctx.addIssue({ code: 'custom', ...issue })
        if (issues.length === 0 && scalars.isTimed(rule)) {
          const message = `"${rule.operator}" moves with time and cannot be asked of elements`
          ctx.addIssue({ code: 'custom', path: ['operator'], message })
        }
      }),
  )
  .min(1)
  .max(20)

/** One element of the list for which all rules hold; a rule without a property asks about the element itself. */
const hasElement: Operator = {
  name: 'hasElement',
  kinds: ['array'],
  input: 'rules',
  costly: true,
  value: () => rules,
  compile: (column, value, scope) =>
    scope.sql.anyElement(column, [], (element) =>
      expressionBuilder<any, any>().and(
        (value as readonly ElementRule[]).map((rule) =>
          scalars.compile(element, pathOf(rule), rule, scope, false),
        ),
      ),
    ),
  evaluate: (actual, value, environment) =>
    (actual as readonly unknown[]).some((element) =>
      (value as readonly ElementRule[]).every((rule) =>
        scalars.evaluate(jsonAt(element, pathOf(rule)), rule, environment),
      ),
    ),
}

/** Operators about the elements of a list. */
export const hasElementOperators: readonly Operator[] = [hasElement, complement('hasNoElement', hasElement)]

function pathOf({ property }: ElementRule): readonly string[] {
  return property === undefined ? [] : [property]
}
