const LONGEST_RUN = 10

let lastTurn = 0

/**
 * Lets timers and sockets have their turn when this thread may have been busy for 10 ms. SQLite answers at once, so a
 * loop of awaited statements would otherwise be one long run of microtasks.
 */
export function turnIsDue(): boolean {
  return performance.now() - lastTurn > LONGEST_RUN
}

export function turn(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(() => {
      lastTurn = performance.now()
      resolve()
    })
  })
}
