import type { JournalRow } from './journal.ts'
import type { LiveChange, LiveHello, LiveJob, LiveReset } from './live-event.ts'

/** The first words of a stream: whoever is cut off comes back after a second. */
export const OPENING = 'retry: 1000\n\n'

/** A sign of life; proxies end what says nothing. */
export const HEARTBEAT = ': still here\n\n'

export function helloText(id: string, hello: LiveHello): string {
  return block('hello', hello, id)
}

export function resetText(id: string, reason: LiveReset['reason']): string {
  return block('reset', { reason } satisfies LiveReset, id)
}

export function jobText(job: LiveJob): string {
  return block('job', job)
}

/** Moves a client's position on without telling anything. */
export function positionText(id: string): string {
  return `id: ${id}\n\n`
}

/** The same text goes to everyone who is told. */
export function changeText(row: JournalRow): string {
  let text = texts.get(row)
  if (text === undefined) {
    const { id, entity, extension, kind, ids, count, origin } = row
    const change: LiveChange = {
      entity,
      ...(extension === null ? {} : { extension }),
      kind,
      ids,
      count,
      origin,
    }
    texts.set(row, (text = block('change', change, id)))
  }
  return text
}

const texts = new WeakMap<JournalRow, string>()

// JSON has no line breaks of its own, so each event is one line of data.
function block(event: string, data: unknown, id?: string): string {
  return `event: ${event}\n${id === undefined ? '' : `id: ${id}\n`}data: ${JSON.stringify(data)}\n\n`
}
