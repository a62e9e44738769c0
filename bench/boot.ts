import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildPackages, startBuilt } from './lib/built-process.ts'
import type { BenchOptions, Family, Figures } from './lib/family.ts'
import { median, round } from './lib/statistics.ts'

/**
 * `boot.ms`: from `createClientele` to started, after imports, on a migrated SQLite database; the median.
 * `boot.processRatio`: from spawning the process to the first 200 on `/ready`, over a process that imports the same
 * libraries and answers 200; the fastest of each. Plain Node on the built packages.
 */
export const boot: Family = {
  name: 'boot',
  about: 'how long a process takes to serve',
  targets: { 'boot.ms': { atMost: 200 }, 'boot.processRatio': { atMost: 1.5 } },
  run: measureBoot,
}

async function measureBoot({ small, fresh, log }: BenchOptions): Promise<Figures> {
  buildPackages({ fresh, log })
  const folder = await mkdtemp(join(tmpdir(), 'clientele-bench-'))
  const file = join(folder, 'boot.db')
  const startMs: number[] = []
  const ready = { ours: [] as number[], bare: [] as number[] }
  try {
    await bootOnce('clientele', file)
    await bootOnce('bare', file)
    for (let pair = 0; pair < (small ? 5 : 15); pair++) {
      const ours = await bootOnce('clientele', file)
      startMs.push(ours.startMs)
      ready.ours.push(ours.readyMs)
      ready.bare.push((await bootOnce('bare', file)).readyMs)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const fastest = { ours: Math.min(...ready.ours), bare: Math.min(...ready.bare) }
  log(`serving after ${round(fastest.ours)} ms, a bare process after ${round(fastest.bare)} ms`)
  return { 'boot.ms': round(median(startMs)), 'boot.processRatio': round(fastest.ours / fastest.bare) }
}

async function bootOnce(
  script: 'clientele' | 'bare',
  file: string,
): Promise<{ startMs: number; readyMs: number }> {
  const running = await startBuilt(new URL(`boot-process-${script}.mjs`, import.meta.url), [file])
  await running.stop()
  return running
}
