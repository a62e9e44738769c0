import type { Runtime } from '../kernel/runtime.ts'
import { JobWatch } from './job-watch.ts'
import type { Journal, JournalRow, Position } from './journal.ts'
import type { LiveSession } from './live-session.ts'
import { resetText } from './live-text.ts'

/** How often the journal is looked at, and how soon again for a write of this process. */
const LOOK_MS = 1_000
const SOONEST_MS = 100
/** Rows read in one statement. */
const BATCH = 500

/**
 * Reads what was written, once a second for all sessions of the process, and hands each row to those of its tenant.
 * Runs while there are sessions.
 */
export class LiveTail {
  readonly #runtime: Runtime
  readonly #journal: Journal
  readonly #jobs: JobWatch
  /** By tenant: a row reaches no session but those that stand under its own. */
  readonly #sessions = new Map<string, Set<LiveSession>>()
  /** How far it has read; undefined while it rests. */
  #at: Position | undefined
  #starting: Promise<void> | undefined
  #timer: NodeJS.Timeout | undefined
  #soon: NodeJS.Timeout | undefined
  #looking: Promise<void> | undefined
  #nextLook: Promise<void> | undefined
  #lastLook = 0
  #failing = false
  #closed = false
  #joining = 0

  constructor(runtime: Runtime, journal: Journal) {
    this.#runtime = runtime
    this.#journal = journal
    this.#jobs = new JobWatch(runtime)
  }

  get sessions(): number {
    return [...this.#all()].length
  }

  /** True while the database does not answer; sessions wait and lose nothing. */
  get failing(): boolean {
    return this.#failing
  }

  /** How far it has read: what comes behind is handed to sessions that follow. */
  get at(): Position {
    if (!this.#at) throw new Error('the tail rests: join it first')
    return this.#at
  }

  /**
   * Takes a session in that `make` makes without a wait, so that nothing is read between the position it is given and
   * its first row. Null when the tail was closed.
   */
  async join(make: (at: Position) => LiveSession): Promise<LiveSession | null> {
    this.#joining++
    try {
      if (!this.#closed) await (this.#starting ??= this.#start())
      if (!this.#at) return null
      const session = make(this.#at)
      const of = this.#sessions.get(session.tenantId) ?? new Set()
      this.#sessions.set(session.tenantId, of.add(session))
      return session
    } finally {
      this.#joining--
      this.#restIfIdle()
    }
  }

  /** Hands over how the jobs of the session's tenant stand. */
  async tellJobs(session: LiveSession): Promise<void> {
    if (!this.#jobs.watches(session.tenantId)) await this.#look()
    for (const job of this.#jobs.current(session.tenantId)) session.offerJob(job)
  }

  leave(session: LiveSession): void {
    const of = this.#sessions.get(session.tenantId)
    of?.delete(session)
    if (of?.size === 0) this.#sessions.delete(session.tenantId)
    this.#restIfIdle()
  }

  /** Looks soon: this process has written something. */
  readonly wake = (): void => {
    if (this.#soon || !this.#at) return
    const wait = Math.max(0, this.#lastLook + SOONEST_MS - performance.now())
    this.#soon = setTimeout(() => {
      this.#soon = undefined
      void this.#look()
    }, wait)
  }

  /** Ends all sessions; resolves when nothing is being read. */
  async close(): Promise<void> {
    this.#closed = true
    for (const session of this.#all()) session.end()
    this.#rest()
    await this.#looking
  }

  async #start(): Promise<void> {
    try {
      this.#at = await this.#journal.head()
    } catch (error) {
      this.#starting = undefined
      throw error
    }
    if (this.#closed) this.#rest()
    else this.#timer = setInterval(() => this.#tick(), LOOK_MS)
  }

  #restIfIdle(): void {
    if (this.#joining === 0 && this.#sessions.size === 0) this.#rest()
  }

  #rest(): void {
    this.#starting = undefined
    this.#at = undefined
    clearInterval(this.#timer)
    clearTimeout(this.#soon)
    this.#soon = undefined
  }

  #tick(): void {
    const now = performance.now()
    for (const session of this.#all()) {
      session.tick(now)
      // Whoever reads it may have gone without a word.
      if (session.over) this.leave(session)
    }
    if (this.#at && !this.#looking) void this.#look()
  }

  /** Resolves when a look that began after the call has ended. */
  #look(): Promise<void> {
    if (this.#looking) return (this.#nextLook ??= this.#looking.then(() => this.#look()))
    this.#nextLook = undefined
    this.#looking = this.#read().finally(() => (this.#looking = undefined))
    return this.#looking
  }

  async #read(): Promise<void> {
    this.#lastLook = performance.now()
    try {
      await this.#readJournal()
      await this.#readJobs()
      this.#failing = false
    } catch (err) {
      if (!this.#failing) this.#runtime.logger.warn({ err }, 'live updates wait for the database')
      this.#failing = true
    }
  }

  async #readJournal(): Promise<void> {
    while (this.#at) {
      const from = this.#at
      const rows = await this.#journal.tail(from, BATCH)
      const head = rows ? rows.at(-1) : await this.#journal.head()
      // It rested meanwhile, or rests and began anew.
      if (this.#at !== from || !head) return
      this.#at = { position: head.position, id: head.id }
      if (rows) this.#handOut(rows)
      else for (const session of this.#all()) session.resetTo(head, resetText(head.id, 'purged'))
      if (!rows || rows.length < BATCH) return
    }
  }

  #handOut(rows: readonly JournalRow[]): void {
    for (const row of rows) {
      for (const session of this.#sessions.get(row.tenantId) ?? []) session.offer(row)
    }
  }

  async #readJobs(): Promise<void> {
    const tenants = [...this.#sessions].filter(([, of]) => [...of].some(({ jobs }) => jobs))
    for (const { tenantId, job } of await this.#jobs.look(tenants.map(([tenantId]) => tenantId))) {
      for (const session of this.#sessions.get(tenantId) ?? []) session.offerJob(job)
    }
  }

  *#all(): Iterable<LiveSession> {
    for (const of of this.#sessions.values()) yield* of
  }
}
