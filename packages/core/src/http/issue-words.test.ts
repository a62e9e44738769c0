import { expect, test } from 'vitest'
import * as z from 'zod'
import { issuesOf } from './issues.ts'

const said = (schema: z.ZodType, value: unknown): string =>
  issuesOf(schema.safeParse(value).error!)
    .map(({ message }) => message)
    .join('; ')

test('what is wrong is said in words of the wire, not of the validator', () => {
  const cases: readonly (readonly [z.ZodType, unknown, string])[] = [
    [z.guid(), 'x', 'must be a UUID, such as 01890a5d-ac96-774b-bcce-b302099a8057'],
    [z.email(), 'x', 'must be an e-mail address'],
    [z.iso.datetime(), 'x', 'must be an instant, such as 2026-01-31T09:30:00Z'],
    [z.string(), 1, 'must be text'],
    [z.coerce.number(), 'x', 'must be a number'],
    [z.number().int(), 1.5, 'must be a whole number'],
    [z.boolean(), 'x', 'must be true or false'],
    [z.object({ a: z.string() }), {}, 'is required'],
    [z.object({}), null, 'must be an object'],
    [z.string().min(1), '', 'must not be empty'],
    [z.string().min(2), '', 'must have at least 2 characters'],
    [z.string().max(1), 'xx', 'must have at most 1 character'],
    [z.string().length(3), 'x', 'must have exactly 3 characters'],
    [z.array(z.string()).max(2), ['', '', ''], 'must have at most 2 items'],
    [z.number().min(3), 1, 'must be at least 3'],
    [z.number().positive(), 0, 'must be more than 0'],
    [z.number().int(), 1e300, 'must be at most 9007199254740991'],
    [z.number().multipleOf(2), 3, 'must be a multiple of 2'],
    [z.enum(['a', 'b']), 'c', 'must be one of "a", "b"'],
    [z.literal('a'), 'c', 'must be "a"'],
    [z.union([z.string(), z.number()]), true, 'has none of the forms that are allowed'],
    [z.discriminatedUnion('k', [z.object({ k: z.literal('a') })]), { k: 'b' }, 'must be "a"'],
    [z.string().regex(/^a/), 'b', 'must match /^a/'],
    [z.string().startsWith('a'), 'b', 'must begin with "a"'],
    [z.record(z.string().max(1), z.string()), { ab: '' }, 'has a name that is not allowed'],
    [z.custom(() => false), 1, 'is not allowed'],
  ]
  for (const [schema, value, words] of cases) expect(said(schema, value)).toBe(words)
})

test('what a schema says in its own words stays', () => {
  expect(said(z.string().min(3, { error: 'is no name' }), '')).toBe('is no name')
  expect(said(z.strictObject({}), { mine: 1 })).toBe('is not a known field')
})
