import * as z from 'zod'

export const smtpOptions = z
  .strictObject({
    url: z
      .string()
      .optional()
      .describe('`smtps://user:password@host:465` or `smtp://…:587`, instead of host, port and auth'),
    host: z.string().min(1).optional().describe('The name of the server'),
    port: z.int().min(1).max(65_535).optional().describe('465 with `tls: always`, else 587'),
    auth: z
      .strictObject({ user: z.string().min(1), password: z.string() })
      .optional()
      .describe('None for a server that knows this machine'),
    tls: z
      .enum(['always', 'starttls', 'none'])
      .optional()
      .describe(
        'From the first byte, after STARTTLS, or not at all. `always` on port 465, `none` for a server on this machine, else `starttls`',
      ),
    ca: z.string().optional().describe("The PEM certificate of the server's own authority"),
    from: z
      .string()
      .optional()
      .describe('The sender, `Shop <hello@shop.example>`, unless the host sets `mail.from`'),
    name: z.string().optional().describe('How this machine names itself to the server'),
    maxConnections: z.int().min(1).max(100).default(5).describe('Open at once'),
    connectMs: z.int().min(1).default(30_000).describe('Longest wait for the connection and its greeting'),
    answerMs: z
      .int()
      .min(1)
      .default(600_000)
      .describe('Longest silence of the server; RFC 5321 asks for 10 minutes after a message'),
  })
  .refine(({ url, host }) => (url === undefined) !== (host === undefined), {
    error: 'name the server by either url or host',
  })

/** What a host sets: `smtp({ url: process.env['SMTP_URL'], from: 'Shop <hello@shop.example>' })`. */
export type SmtpOptions = z.input<typeof smtpOptions>

/** Where and how a connection is made. */
export interface SmtpServer {
  readonly host: string
  readonly port: number
  readonly tls: 'always' | 'starttls' | 'none'
  readonly auth: { readonly user: string; readonly password: string } | null
}

/** The server that the options name; a sentence for what is wrong with them. */
export function serverOf(options: z.output<typeof smtpOptions>): SmtpServer | string {
  const named = options.url === undefined ? {} : readUrl(options.url)
  if (typeof named === 'string') return named
  const host = options.host ?? named.host ?? ''
  const auth = options.auth ?? named.auth ?? null
  const port = options.port ?? named.port
  const tls = options.tls ?? named.tls ?? (port === 465 ? 'always' : isLocal(host) ? 'none' : 'starttls')
  if (auth && tls === 'none' && !isLocal(host)) {
    return `auth would send the password to ${host} in the clear; use tls 'starttls' or 'always'`
  }
  return { host, port: port ?? (tls === 'always' ? 465 : 587), tls, auth }
}

function readUrl(text: string): Partial<SmtpServer> | string {
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || !/^smtps?:$/.test(url.protocol) || !url.hostname || url.search || url.hash) {
    return `url is not like smtps://user:password@mail.example.com:465`
  }
  const auth = url.username
    ? { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
    : null
  return {
    host: url.hostname.replaceAll(/^\[|\]$/g, ''),
    auth,
    ...(url.port ? { port: Number(url.port) } : {}),
    ...(url.protocol === 'smtps:' ? { tls: 'always' } : {}),
  }
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d+\.\d+\.\d+$/.test(host)
}
