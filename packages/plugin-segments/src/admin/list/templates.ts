import { t } from '@clientele/admin-sdk'
import { typeOf, type Condition, type Language, type Leaf } from '../language/language.ts'

/** A segment to begin with. */
export interface Template {
  readonly id: string
  readonly title: () => string
  readonly text: () => string
  readonly condition: Condition
}

const TEMPLATES: readonly (readonly [id: string, leaves: readonly Leaf[]])[] = [
  [
    'new',
    [
      {
        type: 'attribute',
        field: 'createdAt',
        operator: 'inLast',
        value: { amount: 30, unit: 'day' },
      },
    ],
  ],
  ['loyal', [{ type: 'metric', field: 'orderCount', operator: 'gte', value: 3 }]],
  [
    'at_risk',
    [
      { type: 'metric', field: 'orderCount', operator: 'gte', value: 2 },
      {
        type: 'metric',
        field: 'lastOrderAt',
        operator: 'betweenAgo',
        value: [
          { amount: 60, unit: 'day' },
          { amount: 180, unit: 'day' },
        ],
      },
    ],
  ],
  [
    'lapsed',
    [{ type: 'metric', field: 'lastOrderAt', operator: 'olderThan', value: { amount: 180, unit: 'day' } }],
  ],
  ['high_value', [{ type: 'metric', field: 'totalSpend', operator: 'gte', value: 500 }]],
]

/** Those whose rules the installed plugins know. */
export function templatesIn(language: Language): readonly Template[] {
  return TEMPLATES.filter(([, leaves]) =>
    leaves.every(({ type, field }) => typeOf(language, type)?.fields.some(({ name }) => name === field)),
  ).map(([id]) => templateBy(id)!)
}

export function templateBy(id: string): Template | undefined {
  const found = TEMPLATES.find(([one]) => one === id)
  return (
    found && {
      id,
      title: () => t(`segments.template.${id}`),
      text: () => t(`segments.template.${id}.text`),
      condition: { all: found[1] },
    }
  )
}
