import type { Storage } from '@clientele/core'
import { afterAll, beforeAll, describe, test } from 'vitest'
import { codecTests } from './storage-conformance/codec-tests.ts'
import { laneTests } from './storage-conformance/lane-tests.ts'
import { operateTests } from './storage-conformance/operate-tests.ts'
import { schemaTests } from './storage-conformance/schema-tests.ts'
import { transactionTests } from './storage-conformance/transaction-tests.ts'
import { openWorkbench, type Workbench } from './storage-conformance/workbench.ts'

/** A database for the suite: empty, and gone after `dispose`. */
export interface ConformanceTarget {
  /** Not opened: the suite opens and closes it. */
  readonly storage: Storage
  /** A second storage on the same database, not opened either, as another process would have one. */
  readonly peer: Storage
  dispose(): void | Promise<void>
}

export interface StorageConformanceOptions {
  /** Heads the report. */
  readonly name: string
  create(): ConformanceTarget | Promise<ConformanceTarget>
  /** Tests that do not apply, by their full names; each group says why. */
  readonly skip?: readonly { readonly reason: string; readonly tests: readonly string[] }[]
}

/** Registers one test; it gets the open storage. */
export type RegisterTest = (name: string, run: (bench: Workbench) => Promise<void>) => void

/**
 * What every storage adapter must do, as vitest tests. Call it at the top level of a test file.
 *
 * @example
 * storageConformance({
 *   name: 'sqlite',
 *   create: () => ({ storage: sqlite(file), peer: sqlite(file), dispose: () => rm(file) }),
 * })
 */
export function storageConformance(options: StorageConformanceOptions): void {
  const reasons = new Map(
    options.skip?.flatMap(({ reason, tests }) => tests.map((name) => [name, reason] as const)),
  )
  describe(`storage conformance: ${options.name}`, () => {
    let bench: Workbench | undefined
    beforeAll(async () => {
      bench = await openWorkbench(() => options.create())
    })
    afterAll(async () => {
      await bench?.close()
    })
    const register: RegisterTest = (name, run) => {
      const reason = reasons.get(name)
      const skipped = reasons.delete(name)
      test.skipIf(skipped)(skipped ? `${name} (${reason})` : name, () => run(bench!))
    }
    codecTests(register)
    transactionTests(register)
    laneTests(register)
    schemaTests(register)
    operateTests(register)
    const unknown = [...reasons.keys()]
    if (unknown.length > 0) throw new Error(`Cannot skip ${unknown.join(', ')}: the suite has no such test`)
  })
}
