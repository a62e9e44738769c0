import { AsyncLocalStorage } from 'node:async_hooks'

/** Work that others of its kind may join. */
interface Waiting<In, Out> {
  readonly input: In
  readonly resolve: (out: Out) => void
  readonly reject: (error: unknown) => void
  /** Runs on behalf of whoever waits: traces and the like follow them, not the one who came first of all. */
  readonly onBehalf: ReturnType<typeof AsyncLocalStorage.snapshot>
}

/** How a {@link Gatherer} gathers. */
export interface GathererOptions {
  /** How many go together. */
  readonly most: number
  /** How long those who come meanwhile wait for a group, in milliseconds; then the next group begins beside it. */
  readonly patienceMs: number
  /** True for errors that each alone would meet as well, such as a database that is away. */
  readonly isForAll: (error: unknown) => boolean
  /** Called whenever nobody waits for a group any more. */
  readonly done: () => void
}

/**
 * Lets work that is small and comes at once be done together: the first begins without waiting, what comes meanwhile
 * waits and is done in one go after it. So nobody waits for company, and many share what is dear, such as a commit. A
 * group that is held up holds up nobody else for longer than `patienceMs`, and one of a group that fails fails alone.
 *
 * @param work does it for several, wholly or not at all, and answers in their order
 */
export class Gatherer<In, Out> {
  readonly #work: (inputs: readonly In[]) => Promise<readonly Out[]>
  readonly #options: GathererOptions
  #waiting: Waiting<In, Out>[] = []
  #isRunning = false

  constructor(work: (inputs: readonly In[]) => Promise<readonly Out[]>, options: GathererOptions) {
    this.#work = work
    this.#options = options
  }

  add(input: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject, onBehalf: AsyncLocalStorage.snapshot() })
      if (!this.#isRunning) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.#options.most)
      await atMost(this.#options.patienceMs, this.#settle(group))
    }
    this.#isRunning = false
    this.#options.done()
  }

  async #settle(group: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const answers = await group[0]!.onBehalf(() => this.#work(group.map(({ input }) => input)))
      for (const [place, { resolve }] of group.entries()) resolve(answers[place]!)
    } catch (error) {
      if (group.length === 1 || this.#options.isForAll(error)) {
        for (const { reject } of group) reject(error)
        return
      }
      // One of them spoils it for all: each alone and beside the others, as if they had never been together.
      await Promise.all(group.map((one) => this.#settle([one])))
    }
  }
}

/** Resolves when the work is done, or when that takes too long. */
async function atMost(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await Promise.race([work, tooLong])
  clearTimeout(timer)
}
