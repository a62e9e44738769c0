import { Mailer, provide, type Mail, type Provider } from '@clientele/core'
import {
  createTestClientele,
  type TestClientele,
  type TestResponse,
  type TestStorage,
} from '@clientele/testing'
import { auth } from './auth.plugin.ts'
import type { AuthOptions } from './auth.options.ts'

/** Keeps mails instead of sending them. */
export function mailRecorder(): { readonly mails: Mail[]; readonly provider: Provider } {
  const mails: Mail[] = []
  const mailer: Mailer = {
    async send(_, mail) {
      mails.push(mail)
      return `<${mails.length}@test>`
    },
    link: (_, path) => `http://localhost:3000/${path}`,
  }
  return { mails, provider: provide(Mailer, { factory: () => mailer }) }
}

/** What a person does over HTTP. */
export interface Accounts {
  readonly t: TestClientele<readonly [ReturnType<typeof auth>]>
  readonly mails: Mail[]
  /** Calls a route as nobody, or by an access token. */
  readonly call: (method: string, path: string, body?: unknown, token?: string) => Promise<TestResponse>
  /** The code in the newest mail to an address. */
  readonly codeFor: (email: string) => Promise<string>
  /** Signs up, proves the address, and answers the tokens. */
  readonly signUp: (
    email: string,
    password?: string,
  ) => Promise<{ readonly accessToken: string; readonly refreshToken: string }>
  readonly signIn: (email: string, password?: string) => Promise<TestResponse>
}

export const PASSWORD = 'correct horse battery'

/** An installation with open registration, and its mails. */
export async function accounts(
  storage: TestStorage = 'sqlite',
  options: AuthOptions & { readonly overrides?: readonly Provider[] } = {},
): Promise<Accounts> {
  const { overrides = [], ...rest } = options
  const { mails, provider } = mailRecorder()
  const t = await createTestClientele({
    storage,
    plugins: [auth({ registration: 'open', ...rest })],
    overrides: [provider, ...overrides],
  })
  const call: Accounts['call'] = (method, path, body, token) =>
    t.fetch(`/api/auth/${path}`, {
      method,
      as: null,
      ...(body === undefined ? {} : { body }),
      headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    })
  const codeFor = async (email: string): Promise<string> => {
    await t.drain()
    const mail = mails.findLast(({ to, text }) => to === email && /^\d{6}$/m.test(text))
    return /^\d{6}$/m.exec(mail?.text ?? '')?.[0] ?? 'none'
  }
  return {
    t,
    mails,
    call,
    codeFor,
    async signUp(email, password = PASSWORD) {
      const { json } = await call('POST', 'register', { email, password })
      const code = await codeFor(email)
      return (await call('POST', 'verify', { requestId: json.requestId, code })).json
    },
    signIn: (email, password = PASSWORD) => call('POST', 'token', { email, password }),
  }
}
