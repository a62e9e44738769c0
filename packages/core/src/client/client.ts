import { ClientError } from './client-error.ts'
import type {
  CallOptions,
  Client,
  ClientApp,
  ClientOptions,
  ClientRoutes,
  LiveOptions,
} from './client.types.ts'
import { liveEvents } from './live-events.ts'
import { requestOf, type CallInput } from './request.ts'
import { send } from './send.ts'

export { ClientError, type ClientIssue } from './client-error.ts'
export type * from './client.types.ts'
export type * from '../live/live-event.ts'

/**
 * A typed client for browsers, Node, Deno and workers. It brings no server code: of the application it needs the type
 * only.
 *
 * @example
 * import { createClient } from '@clientele/core/client'
 * import type { cdp } from './cdp.ts'
 *
 * const { api } = createClient<typeof cdp>({ baseUrl: 'https://shop.example', token })
 * const { items } = await api.customers.list({ query: { 'createdAt.gte': '2026-01-01T00:00:00Z', limit: 20 } })
 */
export function createClient<App extends ClientApp>(wanted: ClientOptions): Client<App> {
  // As an address is copied; two slashes would lead to no route.
  const options = { ...wanted, baseUrl: wanted.baseUrl.replace(/\/$/, '') }
  let table = options.routes && Promise.resolve(options.routes)
  const routes = (): Promise<ClientRoutes> => {
    table ??= (
      send(options, {
        method: 'GET',
        path: '/client.json',
        headers: {},
        isRepeatable: true,
      }) as Promise<ClientRoutes>
    ).catch((error: unknown) => {
      // The next call asks again.
      table = undefined
      throw error
    })
    return table
  }
  const call = async (
    plugin: string,
    name: string,
    input: CallInput = {},
    given: CallOptions = {},
  ): Promise<unknown> => {
    const route = (await routes())[plugin]?.[name]
    // Not what every object has: its constructor has a name, too.
    if (typeof route === 'string' && route.includes(' /'))
      return send(options, requestOf(route, input, { ...options, ...given }))
    const detail = `Cannot call ${plugin}.${name}: the server at ${options.baseUrl || '/'} has no such route`
    throw new ClientError({ status: 0, code: 'client.unknown_route', detail })
  }
  const api = byName((plugin) =>
    byName((name) => (input?: CallInput, given?: CallOptions) => call(plugin, name, input, given)),
  )
  const live = ({ entities, jobs, ...rest }: LiveOptions = {}): ReturnType<Client<App>['live']> =>
    liveEvents(
      (given) =>
        call(
          'core',
          'live',
          { query: { entities: entities?.join(','), jobs } },
          { ...rest, ...given },
        ) as Promise<Response>,
      rest,
    )
  return { api: api as Client<App>['api'], live }
}

function byName<T>(make: (name: string) => T): Readonly<Record<string, T>> {
  return new Proxy(
    {},
    {
      // `await client.api` looks for a `then`.
      get: (_, name) => (typeof name === 'string' && name !== 'then' ? make(name) : undefined),
    },
  )
}
