import {
  AuditTrails,
  definePlugin,
  Mailer,
  provide,
  silentLogger,
  type AuditNote,
  type ClienteleOptions,
  type LogFields,
  type Logger,
  type Mail,
  type MailTransport,
  type Plugin,
  type Provider,
} from '@clientele/core'
import {
  createTestClientele,
  mailbox,
  type Mailbox,
  type TestClientele,
  type TestResponse,
  type TestStorage,
} from '@clientele/testing'
import type { AuthOptions } from './auth.options.ts'
import { auth } from './auth.plugin.ts'

/** Keeps mails as they are handed over, for tests that look at no job. */
export function mailRecorder(): { readonly mails: Mail[]; readonly provider: Provider } {
  const mails: Mail[] = []
  const mailer: Mailer = {
    send: async (_, mail) => `<${mails.push(mail)}@test>`,
    baseUrl: () => null,
    link: (_, path) => `http://localhost:3000/${path}`,
  }
  return { mails, provider: provide(Mailer, { factory: () => mailer }) }
}

/** Keeps what the log warns of. */
export function recordingLogger(): {
  readonly warnings: string[]
  readonly fields: LogFields[]
  readonly logger: Logger
} {
  const warnings: string[] = []
  const fields: LogFields[] = []
  const warn = (said: LogFields, message: string): void => {
    fields.push(said)
    warnings.push(message)
  }
  const logger: Logger = { ...silentLogger(), warn, child: () => logger }
  return { warnings, fields, logger }
}

/** A note, and whose trail it stands in. */
export interface TenantNote extends AuditNote {
  readonly tenantId: string
}

/** Keeps what is put on the record besides changes of rows. */
export function noteRecorder(): { readonly notes: TenantNote[]; readonly plugin: Plugin } {
  const notes: TenantNote[] = []
  const plugin = definePlugin({
    id: 'notes',
    version: '1.0.0',
    requires: { core: '*' },
    contributes: [
      AuditTrails.add({ record: ({ tenantId }, note) => void notes.push({ ...note, tenantId }) }),
    ],
  })
  return { notes, plugin: plugin() }
}

/** What a person does over HTTP. */
export interface Accounts {
  readonly t: TestClientele<readonly [ReturnType<typeof auth>]>
  readonly mails: Mailbox
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

export interface AccountsOptions extends AuthOptions, Pick<ClienteleOptions<[]>, 'tenancy' | 'limits'> {
  /** Of the host’s mails. @default none */
  readonly mailUrl?: string
  readonly logger?: Logger
  /** @default a mailbox */
  readonly transport?: MailTransport
}

/** An installation with open registration, and its mails. */
export async function accounts(
  storage: TestStorage = 'sqlite',
  { logger, transport, tenancy, limits, mailUrl, ...options }: AccountsOptions = {},
): Promise<Accounts> {
  const mails = mailbox()
  const t = await createTestClientele({
    storage,
    plugins: [auth({ registration: 'open', ...options })],
    mail: { transport: transport ?? mails, ...(mailUrl ? { baseUrl: mailUrl } : {}) },
    ...(logger ? { logger } : {}),
    ...(tenancy ? { tenancy } : {}),
    ...(limits === undefined ? {} : { limits }),
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
    const mail = mails.mails.findLast(({ to, text }) => to === email && /^\d{6}$/m.test(text))
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
