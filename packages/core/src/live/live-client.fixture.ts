import { testToken, type TestActor } from '@clientele/testing'
import { onTestFinished } from 'vitest'
import type { LiveEvent } from './live-event.ts'

export interface ListenOptions {
  readonly as?: TestActor
  /** Without the question mark. */
  readonly query?: string
  readonly lastEventId?: string | undefined
}

/** A client of the event stream, over real HTTP. */
export interface Listener {
  readonly status: number
  readonly headers: Headers
  /** The last id it saw: what it comes back with. */
  readonly lastId: string | undefined
  /** The next event; null when the stream has ended or was cut. */
  next(): Promise<LiveEvent | null>
  /** Skips to the next event of a type. */
  nextOf<T extends LiveEvent['type']>(type: T): Promise<Extract<LiveEvent, { type: T }>>
  /** All that is left of a stream that ends by itself. */
  rest(): Promise<LiveEvent[]>
  /** The whole text that came so far. */
  readonly text: string
  cut(): void
}

export async function listen(base: string, options: ListenOptions = {}): Promise<Listener> {
  const abort = new AbortController()
  const { as = {}, query = '', lastEventId } = options
  const response = await fetch(`${base}/api/v1/live?${query}`, {
    signal: abort.signal,
    headers: {
      authorization: testToken(as),
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
  })
  const listener = new StreamListener(response, abort)
  onTestFinished(() => listener.cut())
  return listener
}

class StreamListener implements Listener {
  readonly status: number
  readonly headers: Headers
  readonly #abort: AbortController
  readonly #reader: ReadableStreamDefaultReader<string>
  readonly #blocks: { readonly id: string | undefined; readonly event: LiveEvent | undefined }[] = []
  lastId: string | undefined
  text = ''
  #rest = ''

  constructor(response: Response, abort: AbortController) {
    this.status = response.status
    this.headers = response.headers
    this.#abort = abort
    this.#reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  }

  async next(): Promise<LiveEvent | null> {
    for (;;) {
      const block = this.#blocks.shift()
      if (block?.id !== undefined) this.lastId = block.id
      if (block?.event) return block.event
      if (block) continue
      const { value, done } = await this.#reader.read().catch(() => ({ done: true, value: undefined }))
      if (done || value === undefined) return null
      this.#take(value)
    }
  }

  async nextOf<T extends LiveEvent['type']>(type: T): Promise<Extract<LiveEvent, { type: T }>> {
    for (;;) {
      const event = await this.next()
      if (!event) throw new Error(`the stream ended before an event "${type}": ${this.text}`)
      if (event.type === type) return event as Extract<LiveEvent, { type: T }>
    }
  }

  async rest(): Promise<LiveEvent[]> {
    const events: LiveEvent[] = []
    for (let event = await this.next(); event; event = await this.next()) events.push(event)
    return events
  }

  cut(): void {
    this.#abort.abort()
  }

  #take(chunk: string): void {
    this.text += chunk
    const blocks = (this.#rest + chunk).split('\n\n')
    this.#rest = blocks.pop()!
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line) => {
          const colon = line.indexOf(': ')
          return [line.slice(0, colon), line.slice(colon + 2)]
        }),
      )
      const id = fields.get('id')
      const data = fields.get('data')
      const event = data && {
        type: fields.get('event'),
        data: JSON.parse(data) as unknown,
        ...(id && { id }),
      }
      this.#blocks.push({ id, event: event as LiveEvent | undefined })
    }
  }
}
