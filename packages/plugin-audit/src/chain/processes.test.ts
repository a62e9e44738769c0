import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { eachStorage, newDatabase } from '@clientele/testing'
import { expect, onTestFinished, test } from 'vitest'
import { AuditTrail } from '../entry/entry.service.ts'
import { trailInstance, type WriterOptions } from './writer.fixture.ts'

const PROCESSES = 4
const WRITES = 25

/** Resolves when it has written everything; it goes on sealing until the test ends. */
async function startWriter(options: WriterOptions): Promise<void> {
  const file = join(import.meta.dirname, 'writer.fixture.ts')
  const args = ['--conditions=@clientele/source', file, JSON.stringify(options)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(async () => {
    const gone = once(child, 'exit')
    if (child.kill('SIGKILL')) await gone
  })
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  expect(said.toString()).toBe('written\n')
}

eachStorage((kind) => {
  test(`${PROCESSES} processes that write and seal make one chain`, { timeout: 120_000 }, async () => {
    const database = await newDatabase(kind)
    const cdp = trailInstance(database)
    onTestFinished(() => cdp.stop())
    await cdp.start({ workers: false })
    const writers = Array.from({ length: PROCESSES }, (_, i) =>
      startWriter({ database, name: `process-${i}`, writes: WRITES }),
    )
    const { ctx } = cdp.as()
    const trail = ctx.get(AuditTrail)
    await Promise.all(writers)
    // Beside the sealers of four processes.
    while ((await trail.verify(ctx)).pending > 0) await trail.seal(ctx)
    expect(await trail.verify(ctx)).toMatchObject({ entries: PROCESSES * WRITES, problems: [] })
  })
})
