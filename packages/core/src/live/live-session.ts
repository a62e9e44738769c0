import type { JournalRow, Position } from './journal.ts'
import type { LiveJob } from './live-event.ts'
import type { SessionOptions } from './live.types.ts'
import { changeText, HEARTBEAT, jobText, positionText } from './live-text.ts'

/** Events kept for a client that reads slower than they come; what is more it reads from the journal again. */
const BUFFER = 1_000
const HEARTBEAT_MS = 15_000

/**
 * What one client is still to be told.
 *
 *   behind ─▶ following ─▶ behind …     `behind`: it reads the journal; `following`: the tail hands it what is new
 *      └──────────┴─▶ over              its time is up, the client went away, or the instance stops
 */
export class LiveSession {
  readonly tenantId: string
  readonly entities: ReadonlySet<string>
  readonly jobs: boolean
  over = false
  behind = true
  /** Nothing up to it is told again. */
  #at: Position
  #rows: JournalRow[] = []
  /** The latest state of each job that is to be told. */
  readonly #jobs = new Map<string, LiveJob>()
  #reset: string | undefined
  /** The last id the client got. */
  #told: string
  #ring: (() => void) | undefined
  #lastTaken = performance.now()
  readonly #endsAt: number

  /** @param at where it begins, which the client is told */
  constructor({ tenantId, entities, jobs, maxMs }: SessionOptions, at: Position) {
    this.#at = at
    this.#told = at.id
    this.tenantId = tenantId
    this.entities = entities
    this.jobs = jobs
    this.#endsAt = performance.now() + maxMs
  }

  get at(): Position {
    return this.#at
  }

  /** What the tail has read of the session's tenant. */
  offer(row: JournalRow): void {
    if (this.behind || this.over || !isAfter(row, this.#at)) return
    if (this.#rows.length >= BUFFER) this.fallBehind()
    else this.#rows.push(row)
    this.#wake()
  }

  offerJob(job: LiveJob): void {
    if (!this.jobs || this.over) return
    this.#jobs.set(job.id, job)
    this.#wake()
  }

  /** From here on the tail's rows are kept. */
  follow(): void {
    this.behind = false
  }

  /** The tail's rows are not kept: what follows is read from the journal. */
  fallBehind(): void {
    this.behind = true
    this.#rows = []
  }

  /** Goes on at `at`, and tells that changes before it were left out. */
  resetTo(at: Position, text: string): void {
    this.#at = at
    this.#rows = []
    this.#reset = text
    this.#told = at.id
    this.#wake()
  }

  /** The text of rows that follow; those that were told already are left out. */
  textOf(rows: readonly JournalRow[]): string {
    let text = ''
    for (const row of rows) {
      if (!isAfter(row, this.#at)) continue
      this.#at = { position: row.position, id: row.id }
      if (!this.entities.has(row.entity)) continue
      text += changeText(row)
      this.#told = row.id
    }
    return text
  }

  /** Waits until there is something to tell, and takes it; empty when the session is behind or over. */
  async take(): Promise<string> {
    for (;;) {
      const text = this.#taken()
      if (text !== '' || this.behind || this.over) {
        if (text !== '') this.#lastTaken = performance.now()
        return text
      }
      await new Promise<void>((resolve) => (this.#ring = resolve))
    }
  }

  /** The position as text, when it is behind what the client knows: changes of entities that it did not ask for. */
  movedOn(): string {
    if (this.#at.id === this.#told) return ''
    this.#told = this.#at.id
    return positionText(this.#at.id)
  }

  /** Once a second. */
  tick(now: number): void {
    if (now >= this.#endsAt) this.end()
    else if (now - this.#lastTaken >= HEARTBEAT_MS) this.#wake()
  }

  end(): void {
    this.over = true
    this.#wake()
  }

  #taken(): string {
    const reset = this.#reset ?? ''
    this.#reset = undefined
    const rows = this.#rows
    this.#rows = []
    const changes = this.textOf(rows)
    const jobs = [...this.#jobs.values()].map(jobText).join('')
    this.#jobs.clear()
    const text = `${reset}${changes}${jobs}`
    if (text !== '') return text
    if (performance.now() - this.#lastTaken < HEARTBEAT_MS) return ''
    return this.movedOn() || HEARTBEAT
  }

  #wake(): void {
    this.#ring?.()
    this.#ring = undefined
  }
}

/** True when `row` stands behind `at`. Ids compare as the databases compare them. */
export function isAfter(row: Position, at: Position): boolean {
  return row.position > at.position || (row.position === at.position && row.id > at.id)
}
