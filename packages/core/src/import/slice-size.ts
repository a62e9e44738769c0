/** How long a transaction may hold the write lock, in milliseconds; others wait for it. */
const WANTED_MS = 35

const SMALLEST = 10
const LARGEST = 1000

/** Finds how many rows fit into a transaction: each measured one corrects it. */
export class SliceSize {
  rows = 200

  measured(rows: number, ms: number): void {
    if (rows < this.rows / 2) return
    const fitting = (rows * WANTED_MS) / Math.max(ms, 0.5)
    // Half way only: one slow commit says little.
    const next = Math.round((this.rows + Math.min(fitting, this.rows * 4)) / 2)
    this.rows = Math.min(LARGEST, Math.max(SMALLEST, next))
  }
}
