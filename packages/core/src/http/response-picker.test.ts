import { expect, test } from 'vitest'
import * as z from 'zod'
import { pickerOf } from './response-picker.ts'

interface Node {
  name: string
  children: Node[]
}
const node: z.ZodType<Node> = z.object({
  name: z.string(),
  get children() {
    return z.array(node)
  },
})
const inner = z.object({ amount: z.int(), currency: z.string() })
const leaf = { name: 'leaf', children: [], secret: 1 }

const cases: readonly (readonly [string, z.ZodType, unknown])[] = [
  ['an object', z.object({ a: z.string(), b: z.int().optional() }), { a: 'x', secret: 1 }],
  ['a strict object, leniently', z.strictObject({ a: z.string() }), { a: 'x' }],
  [
    'an object in an object',
    z.object({ a: inner }),
    { a: { amount: 1, currency: 'EUR', secret: 1 }, secret: 1 },
  ],
  ['what may be null', z.object({ a: inner.nullable(), b: inner.nullish() }), { a: null, secret: 1 }],
  ['a list of objects', z.array(inner), [{ amount: 1, currency: 'EUR', secret: 1 }]],
  ['a record of objects', z.record(z.string(), inner), { x: { amount: 1, currency: 'EUR', secret: 1 } }],
  ['a default', z.object({ a: z.string().default('d') }), { secret: 1 }],
  ['a transform', z.object({ a: z.string().transform((text) => text.length) }), { a: 'four', secret: 1 }],
  ['a union of scalars', z.object({ a: z.union([z.string(), z.number(), z.null()]) }), { a: 7, secret: 1 }],
  [
    'a union of objects',
    z.union([z.object({ a: z.string() }), inner]),
    { amount: 1, currency: 'EUR', secret: 1 },
  ],
  [
    'a union told apart by a field',
    z.discriminatedUnion('kind', [
      z.object({ kind: z.literal('a'), a: z.int() }),
      z.object({ kind: z.literal('b') }),
    ]),
    { kind: 'a', a: 1, secret: 1 },
  ],
  [
    'an intersection',
    z.intersection(z.object({ a: z.string() }), inner),
    { a: 'x', amount: 1, currency: 'E', secret: 1 },
  ],
  ['a tuple', z.tuple([inner, z.string()]), [{ amount: 1, currency: 'EUR', secret: 1 }, 'x']],
  ['a tree', node, { name: 'root', secret: 1, children: [leaf, { ...leaf, children: [leaf] }] }],
  ['a lazy one', z.lazy(() => inner), { amount: 1, currency: 'EUR', secret: 1 }],
  ['free JSON', z.object({ a: z.json() }), { a: { anything: ['goes'] }, secret: 1 }],
  ['a loose object', z.looseObject({ a: z.string() }), { a: 'x', more: 1 }],
  ['an open object', z.object({ a: z.string() }).catchall(z.number()), { a: 'x', more: 1 }],
  ['a pipe', z.object({ a: z.string().pipe(z.string()) }), { a: 'x', secret: 1 }],
  ['a catch', z.object({ a: z.int().catch(0) }), { a: 'no', secret: 1 }],
]

test.each(cases)('%s is stripped as a full parse strips it', (_, schema, value) => {
  const before = structuredClone(value)
  expect(pickerOf(schema)(value)).toEqual(schema.parse(value))
  expect(value).toEqual(before)
})

test('an object with typed extras is stripped inside them too', () => {
  const schema = z.object({ a: z.string() }).catchall(inner)
  const value = { a: 'x', more: { amount: 1, currency: 'EUR', secret: 1 } }
  expect(pickerOf(schema)(value)).toEqual(schema.parse(value))
})
