import type { LiveEvent } from '../live/live-event.ts'
import { ClientError } from './client-error.ts'
import type { CallOptions, LiveOptions } from './client.types.ts'
import { pause } from './pause.ts'

/** The server gives a sign of life far more often. */
const SILENCE_MS = 60_000
const MAX_WAIT_MS = 30_000

/** The events of one connection after the other, each going on where the last one ended. */
export async function* liveEvents(
  open: (given: CallOptions) => Promise<Response>,
  { lastEventId, signal }: LiveOptions,
): AsyncGenerator<LiveEvent, void> {
  let lastId = lastEventId
  // oxlint-disable-next-line no-unmodified-loop-condition -- the caller aborts it
  for (let waitMs = 500; !signal?.aborted; waitMs = Math.min(waitMs * 2, MAX_WAIT_MS)) {
    const connection = new AbortController()
    const leave = (): void => connection.abort()
    signal?.addEventListener('abort', leave)
    try {
      const headers = lastId === undefined ? {} : { 'last-event-id': lastId }
      const { body } = await open({ headers, signal: connection.signal })
      for await (const { id, event, data } of blocksOf(body!, leave)) {
        waitMs = 500
        if (data !== undefined)
          yield { type: event, ...(id && { id }), data: JSON.parse(data) as unknown } as LiveEvent
        lastId = id ?? lastId
      }
    } catch (error) {
      if (error instanceof ClientError && error.status >= 400 && error.status < 500 && error.status !== 429)
        throw error
    } finally {
      leave()
      signal?.removeEventListener('abort', leave)
    }
    await pause(waitMs, signal).catch(() => {})
  }
}

type Block = Readonly<Record<string, string>>

/** The blocks of an event stream; one line of data each, as ours are. */
async function* blocksOf(body: ReadableStream<Uint8Array>, onSilence: () => void): AsyncGenerator<Block> {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let rest = ''
  for (;;) {
    const timer = setTimeout(onSilence, SILENCE_MS)
    const { done, value } = await reader.read().finally(() => clearTimeout(timer))
    if (done) return
    const blocks = (rest + decoder.decode(value, { stream: true })).split('\n\n')
    rest = blocks.pop()!
    for (const block of blocks) {
      yield Object.fromEntries(
        block.split('\n').map((line) => line.split(/: ?(.*)/s) as unknown as [string, string]),
      )
    }
  }
}
