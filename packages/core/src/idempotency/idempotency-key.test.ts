import { expect, test } from 'vitest'
import { fingerprintOf } from './idempotency-key.ts'

test('a body that nests without end is refused by its key, as the caller’s mistake', () => {
  const body: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`)
  const request = { method: 'POST', path: '/api/v1/notes', query: '', body }
  expect(() => fingerprintOf(request)).toThrow(
    expect.objectContaining({ code: 'http.malformed_json', status: 400 }) as Error,
  )
})
