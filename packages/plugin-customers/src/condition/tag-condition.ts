import type { ConditionType, Leaf } from '@clientele/conditions'
import * as z from 'zod'
import { CustomerTag, tagName } from '../tag/tag.entity.ts'
import { ownedRows } from './owned-rows.ts'
import { compileSetAnswer } from './set-answer.ts'

/** `{ type: 'tag', name }`: customers with a tag, or with one of several. */
export interface TagLeaf extends Leaf {
  readonly type: 'tag'
  readonly name: string | readonly string[]
}

const tags = ownedRows<{ readonly name: string }>(CustomerTag, ['name'])

/** Customers whom somebody has put a word on. */
export const tagCondition: ConditionType<TagLeaf> = {
  name: 'tag',
  scope: 'customer',
  schema: z.strictObject({
    type: z.literal('tag'),
    name: z.union([tagName, z.array(tagName).min(1).max(100)]),
  }),
  needs: () => [],
  reads: () => [tags],
  dependsOn: (leaf) => namesOf(leaf).map((name) => `tags.${name}`),
  costly: () => true,
  compile: (leaf, scope, negated) =>
    compileSetAnswer(
      {
        rows: scope.rowsOf(CustomerTag, 'customerId').where('customerTags.name', 'in', namesOf(leaf)),
        owner: 'customerTags.customerId',
        none: false,
        some: true,
      },
      scope,
      negated,
    ),
  evaluate: (leaf, facts) => facts.rows(tags).some(({ name }) => namesOf(leaf).includes(name)),
  seen: (leaf, facts) =>
    facts
      .rows(tags)
      .map(({ name }) => name)
      .filter((name) => namesOf(leaf).includes(name)),
  describe: ({ type, ...params }) => ({ key: `conditions.${type}`, params }),
  examples: [
    { type: 'tag', name: 'vip' },
    { type: 'tag', name: ['vip', 'press'] },
  ],
  editor: {
    fields: [{ name: 'name', kind: 'tag', operators: [], suggest: { from: '/api/v1/tags', value: 'name' } }],
  },
}

function namesOf({ name }: TagLeaf): readonly string[] {
  return typeof name === 'string' ? [name] : name
}
