import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import ipaddr from 'ipaddr.js'
import type { Agent } from 'undici'
import { defineService } from '../di/token.ts'
import { coreErrors } from '../errors/core.errors.ts'
import { traceFetch } from '../observe/trace-fetch.ts'

/** A request, in what the standard `fetch` calls `init`. */
export interface FetchOptions {
  /** @default 'GET' */
  readonly method?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
  readonly signal?: AbortSignal
  /** Longest wait for the whole answer. @default 10_000 */
  readonly timeoutMs?: number
  /** The answer is cut off with an error beyond this. @default 1 MiB */
  readonly maxBytes?: number
  /** The answer is cut off without an error, and the rest of it is not read. @default false */
  readonly cut?: boolean
}

/** An answer; its body is read once. */
export interface FetchResponse {
  readonly status: number
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Requests to the world. */
export interface Fetch {
  /**
   * A request to an address that came from outside: a webhook, a logo. Connects to public unicast addresses only, looked
   * at when the connection is made, so that a name that changes its mind does not help; redirects are answers.
   *
   * @throws `fetch.refused` for another address or scheme, `fetch.failed` when no answer came
   */
  (url: string, options?: FetchOptions): Promise<FetchResponse>
  /** A request to an address written in code or configuration: any host, such as a model server on this machine. */
  trusted(url: string, options?: FetchOptions): Promise<FetchResponse>
}

/** The way plugins reach the network; replace it with `overrides: [provide(FetchPort, …)]`. */
export const FetchPort = defineService<Fetch & { close(): Promise<void> }>('core.fetch')

/**
 * The real one.
 *
 * @param options.lookup resolves names; for tests
 */
export function guardedFetch(
  options: { readonly lookup?: LookupFunction } = {},
): Fetch & { close(): Promise<void> } {
  const { lookup = systemLookup } = options
  const guarded = lazyAgent(publicOnly(lookup))
  const open = lazyAgent(lookup)
  const fetch = async (url: string, init: FetchOptions = {}): Promise<FetchResponse> => {
    const target = parse(url)
    // A literal address is connected to without asking the resolver.
    const literal = target.hostname.replaceAll(/^\[|\]$/g, '')
    if (ipaddr.isValid(literal) && !isPublic(literal))
      throw refused(url, `${literal} is not a public address`)
    return traceFetch(target, init, { trusted: false }, (options) => send(target, options, guarded))
  }
  return Object.assign(fetch, {
    async trusted(url: string, init: FetchOptions = {}) {
      const target = parse(url)
      return traceFetch(target, init, { trusted: true }, (options) => send(target, options, open))
    },
    async close() {
      await Promise.all([guarded.destroy(), open.destroy()])
    },
  })
}

/** The client is loaded with the first request: that takes as long as a third of the rest of a start. */
interface LazyAgent {
  get(): Promise<Agent>
  destroy(): Promise<void>
}

function lazyAgent(lookup: LookupFunction): LazyAgent {
  let agent: Promise<Agent> | undefined
  return {
    get: () => (agent ??= import('undici').then(({ Agent: Client }) => new Client({ connect: { lookup } }))),
    destroy: async () => (await agent)?.destroy(),
  }
}

async function send(url: URL, options: FetchOptions, agent: LazyAgent): Promise<FetchResponse> {
  const { method = 'GET', headers = {}, body, signal, timeoutMs = 10_000 } = options
  const { maxBytes = 1_048_576, cut = false } = options
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const dispatcher = await agent.get()
    const { fetch } = await import('undici')
    const response = await fetch(url, {
      method,
      headers: { ...headers },
      redirect: 'manual',
      dispatcher,
      signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      ...(body === undefined ? {} : { body }),
    })
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of response.body ?? []) {
      bytes += (chunk as Uint8Array).length
      if (bytes > maxBytes && cut) {
        chunks.push((chunk as Uint8Array).subarray(0, maxBytes - bytes))
        break
      }
      if (bytes > maxBytes)
        throw coreErrors['fetch.failed']({
          url: shown(url),
          reason: `the answer is larger than ${maxBytes} bytes`,
        })
      chunks.push(chunk as Uint8Array)
    }
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: Buffer.concat(chunks),
    }
  } catch (error) {
    throw asFetchError(error, url, timeout)
  }
}

function asFetchError(error: unknown, url: URL, timeout: AbortSignal): unknown {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  if (
    cause instanceof Error &&
    'code' in cause &&
    typeof cause.code === 'string' &&
    cause.code.startsWith('fetch.')
  )
    return cause
  const reason = timeout.aborted
    ? 'no answer in time'
    : cause instanceof Error
      ? cause.message
      : String(cause)
  return coreErrors['fetch.failed']({ url: shown(url), reason }, { cause: error })
}

function publicOnly(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0)
      const addresses = found as unknown as { readonly address: string; readonly family: number }[]
      const wrong = addresses.find(({ address }) => !isPublic(address))
      // One private address among public ones is enough: which of them is taken is not ours to say.
      if (wrong)
        return callback(
          refused(hostname, `it leads to ${wrong.address}, which is not a public address`),
          '',
          0,
        )
      const [first] = addresses
      if (!first) return callback(refused(hostname, 'it leads nowhere'), '', 0)
      if (options.all) return callback(null, addresses)
      callback(null, first.address, first.family)
    })
  }
}

function isPublic(address: string): boolean {
  if (!ipaddr.isValid(address)) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return false
  // Of IPv6 only 2000::/3 is handed out; elsewhere lie forms such as ::127.0.0.1, which some stacks take for IPv4.
  return !(parsed instanceof ipaddr.IPv6) || (parsed.parts[0]! & 0xe000) === 0x2000
}

function parse(url: string): URL {
  const target = URL.parse(url)
  if (!target) throw refused(url, 'it is not a URL')
  if (target.protocol !== 'https:' && target.protocol !== 'http:')
    throw refused(url, 'only http and https are known')
  if (target.username || target.password) throw refused(shown(target), 'it carries a password')
  return target
}

/** A URL without what may be secret in it. */
function shown(url: URL): string {
  return `${url.protocol}//${url.host}${url.pathname}`
}

function refused(url: string, reason: string): Error {
  return coreErrors['fetch.refused']({ url: url.slice(0, 200), reason })
}
