import { Router, type NextFunction, type Request, type Response } from 'express'
import type { Pipeline } from './pipeline.ts'
import { plainAddress } from './plain-address.ts'
import { isAsyncIterable, type HttpRequest, type HttpResponse } from './request.ts'

/**
 * The pipeline as an Express 5 router. Mounted under a path it answers everything below it; mounted at the root it
 * leaves paths that are not its own to the host. Works before and after a body parser of the host.
 */
export function expressRouter(pipeline: Pipeline): Router {
  const router = Router()
  router.use(async (req: Request, res: Response, next: NextFunction) => {
    if (req.baseUrl === '' && !pipeline.owns(req.url)) return next()
    const request = new ExpressRequest(req, res)
    // Express 5 passes what this rejects with to the host's error handler.
    write(res, await pipeline.handle(request))
  })
  return router
}

class ExpressRequest implements HttpRequest {
  readonly method: string
  readonly url: string
  readonly baseUrl: string
  readonly headers: HttpRequest['headers']
  readonly #req: Request
  readonly #abort = new AbortController()

  constructor(req: Request, res: Response) {
    this.method = req.method
    this.url = req.url
    this.baseUrl = req.baseUrl
    // Only `set-cookie` may be an array, and a request has none.
    this.headers = req.headers as HttpRequest['headers']
    this.#req = req
    res.on('close', () => {
      if (!res.writableFinished) this.#abort.abort()
    })
  }

  /** What a parser of the host left; the stream when nobody has read it; nothing when it was read and dropped. */
  get body(): unknown {
    const parsed: unknown = this.#req.body
    if (parsed !== undefined) return parsed
    return this.#req.readableDidRead ? undefined : this.#req
  }

  get ip(): string {
    return plainAddress(this.#req.ip ?? '')
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }
}

function write(res: Response, { status, headers, body }: HttpResponse): void {
  if (res.destroyed || res.headersSent) return
  res.writeHead(status, headers)
  if (!isAsyncIterable(body)) {
    res.end(body ?? undefined)
    return
  }
  writeStream(res, body).catch(() => res.destroy())
}

/** Waits for the client when it reads slowly, and stops the source when it goes away. */
async function writeStream(res: Response, body: AsyncIterable<Uint8Array | string>): Promise<void> {
  for await (const chunk of body) {
    if (res.destroyed) return
    if (!res.write(chunk)) await drained(res)
  }
  res.end()
}

function drained(res: Response): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      res.off('drain', done).off('close', done)
      resolve()
    }
    res.on('drain', done).on('close', done)
  })
}
