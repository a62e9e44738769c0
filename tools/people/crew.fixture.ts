import { jsonLogger, provide } from '@clientele/core'
import { audit } from '@clientele/plugin-audit'
import { auth, Dns } from '@clientele/plugin-auth'
import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'
import { webhooks } from '@clientele/plugin-webhooks'
import { smtp } from '@clientele/mailer-smtp'
import {
  createTestClientele,
  type TestClientele,
  type TestResponse,
  type TestStorage,
} from '@clientele/testing'
import { expect, onTestFinished } from 'vitest'
import { postOffice, type Received } from './post-office.fixture.ts'
import type { Tenant } from '../isolation/tenants.ts'
import { allOperations, type Operation } from '../isolation/operations.ts'
import { secretsIn } from './secrets.fixture.ts'

const plugins = [
  ...[customers(), inventory(), orders(), segments(), webhooks(), audit()],
  auth({ registration: 'open', appName: 'Platform' }),
] as const

/** What a request says besides its route. */
export interface Asked {
  /** A bearer token or a cookie; nobody's unless given. */
  readonly as?: string | undefined
  /** Whose answer it is: nothing of another tenant may stand in it. */
  readonly of?: Tenant | undefined
  /** An operator works in a tenant by naming it in the path. */
  readonly inside?: boolean
  readonly params?: Readonly<Record<string, string>>
  readonly query?: string
  readonly body?: unknown
  /** What they ask with. */
  readonly userAgent?: string
}

export interface Told {
  readonly route: string
  readonly of: Tenant | undefined
  readonly status: number
  readonly text: string
}

/** An installation with real mails and a log, and all that was said in it. */
export interface Crew {
  readonly test: TestClientele<typeof plugins>
  readonly operations: readonly Operation[]
  readonly mails: readonly Received[]
  readonly lines: readonly string[]
  readonly told: readonly Told[]
  /** Everything that lets somebody in, by what it is. */
  readonly secrets: ReadonlyMap<string, string>
  keep(name: string, secret: string): string
  /** Calls a route by its name, such as `auth.verify`. */
  ask(route: string, asked?: Asked): Promise<TestResponse>
  /** The same, and it must be answered 2xx. */
  get(route: string, asked?: Asked): Promise<TestResponse>
  /** What the newest mail to an address says in one place: a code, or the token of its link. */
  mailed(to: string, what: RegExp): Promise<string>
}

export async function openCrew(storage: TestStorage): Promise<Crew> {
  const office = await postOffice()
  const transport = smtp({ host: '127.0.0.1', port: office.port, tls: 'none', from: 'mail@platform.example' })
  onTestFinished(() => transport.close?.())
  const lines: string[] = []
  const told: Told[] = []
  const secrets = new Map<string, string>()
  const test: Crew['test'] = await createTestClientele({
    storage,
    plugins,
    tenancy: { mode: 'multi' },
    mail: { transport, baseUrl: 'https://platform.example' },
    logger: jsonLogger({ level: 'debug', write: (line) => void lines.push(line) }),
    overrides: [provide(Dns, { factory: () => ({ txt: async () => [] }) })],
    limits: false,
  })
  const operations = allOperations(test)
  const keep: Crew['keep'] = (name, secret) => {
    secrets.set(name, secret)
    return secret
  }
  const ask: Crew['ask'] = async (route, asked = {}) => {
    const found = operations.find((one) => one.route === route)
    if (!found) throw new Error(`There is no route ${route}`)
    const { as, of, body, userAgent } = asked
    const response = await test.fetch(addressOf(found, asked), {
      as: null,
      method: found.method,
      headers: { ...credentials(as), ...(userAgent ? { 'user-agent': userAgent } : {}) },
      ...(body === undefined ? {} : { body }),
    })
    const { status, text, json, headers } = response
    const name = `${route} ${told.length}`
    for (const [what, secret] of secretsIn(json, headers.get('set-cookie')))
      keep(`${what} of ${name}`, secret)
    told.push({ route, of, status, text })
    return response
  }
  return {
    ...{ test, operations, mails: office.received, lines, told, secrets, keep, ask },
    async get(route, asked) {
      const response = await ask(route, asked)
      expect(response.status, `${route}: ${response.text}`).toBeLessThan(300)
      return response
    },
    async mailed(to, what) {
      await test.drain()
      const mail = office.received.findLast((one) => one.to.includes(to) && what.test(one.mail.text ?? ''))
      const found = what.exec(mail?.mail.text ?? '')?.[1]
      if (!found) throw new Error(`No mail to ${to} has ${what}`)
      return keep(`mailed to ${to} ${told.length}`, found)
    },
  }
}

function addressOf({ path }: Operation, { of, inside, params = {}, query }: Asked): string {
  const filled = Object.entries(params).reduce((one, [name, value]) => one.replace(`{${name}}`, value), path)
  const named = inside ? filled.replace('/api/v1/', `/api/v1/tenants/${of}/`) : filled
  return query === undefined ? named : `${named}?${query}`
}

function credentials(as: string | undefined): Record<string, string> {
  const browser = { 'sec-fetch-site': 'same-origin' }
  if (as === undefined) return browser
  return { ...browser, ...(as.includes('=') ? { cookie: as } : { authorization: `Bearer ${as}` }) }
}
