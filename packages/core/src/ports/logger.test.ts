import { expect, test } from 'vitest'
import { jsonLogger } from './logger.ts'
import { thrownText } from './loggable.ts'

function logged(fields: object): Record<string, unknown> {
  const lines: string[] = []
  jsonLogger({ write: (line) => lines.push(line) }).error({ ...fields }, 'it failed')
  return JSON.parse(lines.join('')) as Record<string, unknown>
}

const circular: Record<string, unknown> = { name: 'circle' }
circular['self'] = circular
const selfCaused = new Error('its own cause')
selfCaused.cause = selfCaused
const unreadable = Object.defineProperty(new Error('x'), 'message', {
  get: () => {
    throw new Error('a getter that throws')
  },
})

test.each<[string, unknown, unknown]>([
  ['a bigint', 5n, '5'],
  ['a symbol among bigints', [Symbol('s'), 1n], ['Symbol(s)', '1']],
  ['a circle', circular, { name: 'circle', self: '[circular]' }],
  ['an error that causes itself', selfCaused, expect.objectContaining({ cause: '[circular]' })],
  [
    'an error with a bigint below',
    new Error('x', { cause: { n: 1n } }),
    expect.objectContaining({ cause: { n: '1' } }),
  ],
  ['an error that cannot be read', unreadable, '[unreadable]'],
  ['a date beside a bigint', { at: new Date(0), n: 1n }, { at: '1970-01-01T00:00:00.000Z', n: '1' }],
])('a line about %s is written', (_, err, expected) => {
  expect(logged({ err })).toMatchObject({ level: 'error', err: expected, msg: 'it failed' })
})

test('a line says when it was written, by the machine unless told otherwise', () => {
  expect(logged({})['time']).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/)
})

test.each<[unknown, string]>([
  [new TypeError('no'), 'TypeError: no'],
  ['text', 'text'],
  [Symbol('s'), 'Symbol(s)'],
  [Object.create(null), 'something was thrown that cannot be put into words'],
  [unreadable, 'something was thrown that cannot be put into words'],
])('whatever was thrown has words (%#)', (thrown, words) => {
  expect(thrownText(thrown)).toBe(words)
})

const secrets = {
  headers: { authorization: 'Bearer c4nary', 'set-cookie': 'c4nary', accept: 'text/html' },
  err: Object.assign(new Error('x'), { cause: { accessToken: 'c4nary', api_key: 'c4nary' } }),
  user: { password: 'c4nary', name: 'Ana' },
  tokens: 3,
}

test('what opens something is never in a line, also of a line that is written the slow way', () => {
  for (const fields of [secrets, { ...secrets, n: 1n }]) {
    const line = logged(fields)
    expect(JSON.stringify(line)).not.toContain('c4nary')
    expect(line).toMatchObject({ headers: { accept: 'text/html' }, user: { name: 'Ana' }, tokens: 3 })
  }
})

test('a host may switch that off', () => {
  const lines: string[] = []
  jsonLogger({ write: (line) => lines.push(line), redact: false }).info({ token: 'plain' }, 'hello')
  expect(lines.join('')).toContain('plain')
})
