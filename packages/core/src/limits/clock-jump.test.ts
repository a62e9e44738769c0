import { createTestClientele, eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { runtimeOf } from '../kernel/runtime.ts'
import { Limiter } from './limiter.ts'

eachStorage((storage) => {
  test('a clock that was a day ahead for a moment keeps nobody out once it is right again', async () => {
    const t = await createTestClientele({ storage, plugins: [], now: '2026-01-15T12:00:00.000Z' })
    const nodes = [new Limiter(runtimeOf(t.as().ctx)), new Limiter(runtimeOf(t.as().ctx))]
    const counted = { name: 'test', key: 'ann', limit: { requests: 3, perSeconds: 60 } }
    const allowed = async (): Promise<number> => {
      let count = 0
      for (let n = 0; n < 4; n++) for (const node of nodes) if ((await node.spend(counted)) === null) count++
      return count
    }
    t.clock.set('2026-01-16T12:00:00.000Z')
    expect(await allowed()).toBe(3)

    t.clock.set('2026-01-15T12:00:01.000Z')
    expect(await allowed()).toBe(3)
    expect(await allowed()).toBe(0)
  })

  test('nodes whose clocks are a few windows apart allow together what the limit says', async () => {
    const t = await createTestClientele({ storage, plugins: [], now: '2026-01-15T12:00:00.000Z' })
    const runtime = runtimeOf(t.as().ctx)
    const ahead = Object.create(runtime, {
      clock: { value: { ...runtime.clock, now: () => runtime.clock.now() + 10_000 } },
    }) as typeof runtime
    const nodes = [new Limiter(runtime), new Limiter(ahead)]
    const counted = { name: 'test', key: 'ann', limit: { requests: 5, perSeconds: 1 } }
    let allowed = 0
    for (let n = 0; n < 20; n++) if ((await nodes[n % 2]!.spend(counted)) === null) allowed++
    // The one behind counts in its own window until it meets the other's.
    expect(allowed).toBeLessThanOrEqual(6)
  })
})
