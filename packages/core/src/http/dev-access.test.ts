import { afterEach, expect, test, vi } from 'vitest'
import { jsonLogger, silentLogger } from '../ports/logger.ts'
import { devAccess } from './dev-access.ts'

afterEach(() => void vi.unstubAllEnvs())

const from = (ip: string, headers: Record<string, string> = {}) => ({
  method: 'GET',
  url: '/',
  ip,
  headers: { authorization: 'Bearer secret-1', ...headers },
})
const tries = (request: ReturnType<typeof from>) => () =>
  devAccess({ token: 'secret-1' }).authenticate(request)

test('the token opens every tenant with every permission, from this machine', () => {
  for (const ip of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '127.8.9.1']) {
    expect(tries(from(ip))()).toMatchObject({ tenants: ['*'], actor: { permissions: new Set(['*']) } })
  }
})

test('a request without the token is left to other authenticators', () => {
  expect(tries({ ...from('127.0.0.1'), headers: {} as never })()).toBeNull()
  expect(tries(from('127.0.0.1', { authorization: 'Basic abc' }))()).toBeNull()
  expect(tries(from('127.0.0.1', { authorization: 'Bearer secret-2' }))()).toBeNull()
})

test('another machine and another machine behind a local proxy are refused', () => {
  const refused = [
    from('10.0.0.7'),
    from(''),
    from('127.0.0.1', { 'x-forwarded-for': '203.0.113.5' }),
    from('127.0.0.1', { 'x-forwarded-for': '127.0.0.1, 203.0.113.5' }),
    from('127.0.0.1', { forwarded: 'for=203.0.113.5' }),
  ]
  for (const request of refused) expect(tries(request)).toThrow(/Cannot sign you in by "dev"/)
})

test('it neither starts nor lets anybody in in production', () => {
  vi.stubEnv('NODE_ENV', 'production')
  expect(() => devAccess().start?.(silentLogger())).toThrow(/use real authenticators/)
  expect(tries(from('127.0.0.1'))).toThrow(/not in production/)
})

test('a random token can be read in the log at start, one that was given is not there', () => {
  const lines: string[] = []
  const logger = jsonLogger({ write: (line) => void lines.push(line) })
  vi.stubEnv('CLIENTELE_DEV_TOKEN', '')
  const random = devAccess()
  random.start?.(logger)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain(`"Authorization: Bearer ${random.token}"`)
  vi.stubEnv('CLIENTELE_DEV_TOKEN', 'from-environment')
  expect(devAccess().token).toBe('from-environment')
  devAccess().start?.(logger)
  expect(lines).toHaveLength(1)
  expect(random.token).not.toBe(devAccess({ token: 'x' }).token)
})
