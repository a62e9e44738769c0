/** Work that others of its kind may join. */
interface Waiting<In, Out> {
  readonly input: In
  readonly resolve: (out: Out) => void
  readonly reject: (error: unknown) => void
}

/**
 * Lets work that is small and comes at once be done together: the first begins without waiting, what comes meanwhile
 * waits and is done in one go after it. So nobody waits for company, and many share what is dear, such as a commit.
 *
 * @param work does it for several, and answers in their order
 * @param options.most how many go together
 * @param options.done called whenever nothing runs or waits any more
 */
export class Gatherer<In, Out> {
  readonly #work: (inputs: readonly In[]) => Promise<readonly Out[]>
  readonly #most: number
  readonly #done: () => void
  #waiting: Waiting<In, Out>[] = []
  #isRunning = false

  constructor(
    work: (inputs: readonly In[]) => Promise<readonly Out[]>,
    { most, done }: { readonly most: number; readonly done: () => void },
  ) {
    this.#work = work
    this.#most = most
    this.#done = done
  }

  add(input: In): Promise<Out> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ input, resolve, reject })
      if (!this.#isRunning) void this.#run()
    })
  }

  async #run(): Promise<void> {
    this.#isRunning = true
    while (this.#waiting.length > 0) {
      const group = this.#waiting.splice(0, this.#most)
      await this.#settle(group)
    }
    this.#isRunning = false
    this.#done()
  }

  async #settle(group: readonly Waiting<In, Out>[]): Promise<void> {
    try {
      const answers = await this.#work(group.map(({ input }) => input))
      for (const [place, { resolve }] of group.entries()) resolve(answers[place]!)
    } catch (error) {
      if (group.length === 1) return group[0]!.reject(error)
      // One of them spoils it for all: each alone, so that only that one fails.
      for (const one of group) await this.#settle([one])
    }
  }
}
