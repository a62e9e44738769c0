import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { base64url, SignJWT, type JWTHeaderParameters } from 'jose'
import { expect, test } from 'vitest'
import { accounts } from '../accounts.fixture.ts'
import { SigningKeys } from './signing-keys.ts'

interface Forgery {
  readonly header?: Partial<JWTHeaderParameters>
  readonly claims?: Readonly<Record<string, unknown>>
  readonly key?: KeyObject | Uint8Array
}

/** An installation with somebody signed in, and a maker of tokens that say the same, but for one thing. */
async function forger() {
  const { t, call, signUp } = await accounts()
  const tokens = await signUp('ana@example.com')
  const [header, claims] = tokens.accessToken
    .split('.', 2)
    .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
  const signing = t.as().ctx.get(SigningKeys).current(t.clock.now())
  const forge = ({ header: h = {}, claims: c = {}, key = signing.privateKey }: Forgery): Promise<string> =>
    new SignJWT({ ...claims, ...c }).setProtectedHeader({ ...header, ...h }).sign(key)
  const statusOf = async (token: string): Promise<number> =>
    (await call('GET', 'me', undefined, token)).status
  return { t, tokens, header, claims, signing, forge, statusOf, call }
}

test('what the forger signs without changing anything is good: the other tests would notice', async () => {
  const { forge, statusOf } = await forger()
  expect(await statusOf(await forge({}))).toBe(200)
})

test('a token without a signature is refused', async () => {
  const { header, claims, statusOf, tokens } = await forger()
  const part = (value: unknown): string => base64url.encode(JSON.stringify(value))
  for (const alg of ['none', 'None', 'NONE', '']) {
    expect(await statusOf(`${part({ ...header, alg })}.${part(claims)}.`), alg).toBe(401)
  }
  expect(await statusOf(`${tokens.accessToken.split('.', 2).join('.')}.`)).toBe(401)
})

test('a token signed by HMAC with the public key is refused', async () => {
  const { signing, forge, statusOf } = await forger()
  const pem = signing.publicKey.export({ type: 'spki', format: 'pem' })
  const der = signing.publicKey.export({ type: 'spki', format: 'der' })
  const raw = Buffer.from(signing.publicKey.export({ format: 'jwk' }).x!, 'base64url')
  for (const key of [Buffer.from(pem), der, raw])
    expect(await statusOf(await forge({ header: { alg: 'HS256' }, key }))).toBe(401)
})

test('a key that the token brings along, or names, is not believed', async () => {
  const { signing, forge, statusOf } = await forger()
  const { privateKey: key, publicKey } = generateKeyPairSync('ed25519')
  const jwk = publicKey.export({ format: 'jwk' })
  const headers: Partial<JWTHeaderParameters>[] = [
    {},
    { jwk: { ...jwk, kty: 'OKP' } },
    { jku: 'https://evil.example/keys' },
    { x5u: 'https://evil.example/cert' },
    { kid: '../../dev/null' },
    { kid: "x' UNION SELECT 'k" },
    { kid: '' },
    { kid: `${signing.id}x` },
    { kid: '999999-aaaaaaaaaaaa' },
  ]
  for (const header of headers)
    expect(await statusOf(await forge({ header, key })), JSON.stringify(header)).toBe(401)
  expect(await statusOf(await forge({ header: { kid: 'unknown-aaaaaaaaaaaa' } }))).toBe(401)
})

test('a token for somebody else, of another kind or time, is refused', async () => {
  const { t, forge, statusOf } = await forger()
  const now = Math.floor(t.clock.now() / 1000)
  const forgeries: Readonly<Record<string, Forgery>> = {
    audience: { claims: { aud: 'another' } },
    'no audience': { claims: { aud: undefined } },
    issuer: { claims: { iss: 'https://evil.example' } },
    'no issuer': { claims: { iss: undefined } },
    'type JWT': { header: { typ: 'JWT' } },
    'no type': { header: { typ: undefined } as never },
    expired: { claims: { iat: now - 600, exp: now - 10 } },
    'no end': { claims: { exp: undefined } },
    'too long': { claims: { iat: now - 3600, exp: now + 86_400 } },
    'issued later': { claims: { iat: now + 3600, exp: now + 4000 } },
    'not before': { claims: { nbf: now + 60 } },
    'critical header': { header: { crit: ['exp'], exp: 1 } },
    'no subject': { claims: { sub: undefined } },
    'no session': { claims: { sid: undefined } },
    'another user': { claims: { sub: '01890000-0000-7000-8000-000000000000' } },
    'another session': { claims: { sid: '01890000-0000-7000-8000-000000000000' } },
    'session that is no id': { claims: { sid: 'x' } },
  }
  for (const [name, forgery] of Object.entries(forgeries)) {
    const token = await forge(forgery).catch(() => null)
    if (token !== null) expect(await statusOf(token), name).toBe(401)
  }
})

test('a changed payload, such as another tenant, breaks the signature', async () => {
  const { tokens, claims, statusOf } = await forger()
  const [header, , signature] = tokens.accessToken.split('.')
  for (const change of [{ tenant: 'other' }, { sub: claims.sid }, { exp: claims.exp + 1 }]) {
    const payload = base64url.encode(JSON.stringify({ ...claims, ...change }))
    expect(await statusOf(`${header}.${payload}.${signature}`)).toBe(401)
  }
})

test('a refresh token is no access token, and the other way round', async () => {
  const { tokens, statusOf, call } = await forger()
  expect(await statusOf(tokens.refreshToken)).toBe(401)
  expect((await call('POST', 'refresh', { refreshToken: tokens.accessToken })).status).toBe(401)
})

test('a token of another installation is refused, though it has the same users', async () => {
  const { statusOf, t } = await forger()
  const other = await accounts('sqlite', { baseUrl: 'https://other.example' })
  const { accessToken } = await other.signUp('ana@example.com')
  expect(await statusOf(accessToken)).toBe(401)
  expect(t.clock.now()).toBe(other.t.clock.now())
})

test('keys rotate by themselves: last month’s token would not count, but who refreshes goes on', async () => {
  const { t, tokens, forge, statusOf, call, signing } = await forger()
  const old = await forge({ claims: {} })
  t.clock.advance('29d')
  const now = Math.floor(t.clock.now() / 1000)
  const { accessToken } = (await call('POST', 'refresh', { refreshToken: tokens.refreshToken })).json
  expect(await statusOf(accessToken)).toBe(200)
  expect(t.as().ctx.get(SigningKeys).current(t.clock.now()).id).not.toBe(signing.id)
  expect(await statusOf(old)).toBe(401)
  // Issued now, but with the key of a month ago.
  t.clock.advance('5d')
  expect(await statusOf(await forge({ claims: { iat: now, exp: now + 600 } }))).toBe(401)
})
