import compression from 'compression'
import cors from 'cors'
import express, { type Express, type Request } from 'express'
import helmet from 'helmet'
import type { Shop } from './shop.ts'

/** What stands before the shop's routes. Each can be turned off where a proxy or the host does it already. */
export interface WebOptions {
  /** Headers that tell browsers what these answers may not do. @default true */
  readonly helmet?: boolean
  /** Answers are gzipped for those who take it, streams of events never. @default true */
  readonly compression?: boolean
  /** Sites whose scripts may call the API with their users' credentials: `https://admin.example`. @default none */
  readonly cors?: readonly string[]
  /** Proxies before this process: from them the client's address is taken, from nobody else. @default 0 */
  readonly proxies?: number
}

/** The shop as an Express application. Request ids and the logs' redaction come with the router and its logger. */
export function createApp(shop: Shop, options: WebOptions = {}): Express {
  const { cors: sites = [], proxies = 0 } = options
  const app = express()
  app.disable('x-powered-by')
  if (proxies > 0) app.set('trust proxy', proxies)
  if (options.helmet ?? true) app.use(helmet(HEADERS))
  if (sites.length > 0) app.use(cors(corsOf(sites)))
  if (options.compression ?? true) app.use(compression({ filter: isCompressed }))
  // Whoever opens the address in a browser should find something.
  app.get('/', (_, response) => response.redirect('/admin'))
  return app.use(shop.router())
}

// An API shows nothing and loads nothing. Pages bring a policy of their own: `/docs` does.
const HEADERS = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
    },
  },
} satisfies Parameters<typeof helmet>[0]

/** Only the sites named are answered here; for the others, routes decide by themselves, as those for events do. */
function corsOf(sites: readonly string[]): Parameters<typeof cors<Request>>[0] {
  return (request, callback) => {
    const { origin } = request.headers
    callback(null, {
      origin: origin !== undefined && sites.includes(origin) ? origin : false,
      credentials: true,
      exposedHeaders: ['etag', 'location', 'retry-after', 'x-request-id'],
      maxAge: 600,
    })
  }
}

/** Events must leave at once, and a gzip stream waits for more. */
function isCompressed(request: express.Request, response: express.Response): boolean {
  const type = String(response.getHeader('content-type') ?? '')
  return !type.startsWith('text/event-stream') && compression.filter(request, response)
}
