import { join } from 'node:path'
import { sqlite } from '@clientele/adapter-sqlite'
import { eachStorage, postgresTestStorage, temporaryFolder, type TestStorage } from '@clientele/testing'
import { expect, inject, onTestFinished, test } from 'vitest'
import { createClientele } from './clientele.ts'
import type { Clientele } from './clientele.types.ts'
import { definePlugin } from './plugin/plugin.ts'
import { silentLogger } from './ports/logger.ts'

interface Hooks {
  readonly start?: () => void | Promise<void>
  readonly stop?: () => void | Promise<void>
}

async function compose(storage: TestStorage, hooks: Hooks): Promise<Clientele> {
  const plugin = definePlugin({ id: 'hooked', version: '1.0.0', requires: { core: '*' }, ...hooks })
  const cdp = createClientele({
    storage: await openable(storage),
    keys: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    logger: silentLogger(),
    plugins: [plugin()],
  })
  onTestFinished(() => cdp.stop({ graceMs: 0 }))
  return cdp
}

async function openable(storage: TestStorage) {
  if (storage === 'sqlite') return sqlite(join(await temporaryFolder(), 'start-stop.db'))
  const database = await postgresTestStorage(inject('postgresUrl'))
  onTestFinished(() => database.dispose())
  return database.storage
}

eachStorage((storage) => {
  test('an instance starts once, also when it is asked twice at the same time', async () => {
    let starts = 0
    const cdp = await compose(storage, { start: () => void starts++ })
    const first = cdp.start()
    await expect(cdp.start()).rejects.toMatchObject({
      code: 'config.start_once',
      params: { state: 'starting' },
    })
    await first
    await expect(cdp.start()).rejects.toMatchObject({
      code: 'config.start_once',
      params: { state: 'started' },
    })
    expect(starts).toBe(1)
    await cdp.stop()
    await expect(cdp.start()).rejects.toMatchObject({
      code: 'config.start_once',
      params: { state: 'stopped' },
    })
  })

  test('a stop during the start waits for it, then stops what was started', async () => {
    const told: string[] = []
    const { promise: reached, resolve: reach } = Promise.withResolvers<void>()
    const { promise: goOn, resolve: release } = Promise.withResolvers<void>()
    const cdp = await compose(storage, {
      async start() {
        reach()
        await goOn
        told.push('started')
      },
      stop: () => void told.push('stopped'),
    })
    const start = cdp.start()
    await reached
    const stop = cdp.stop()
    release()
    await Promise.all([start, stop])
    expect(told).toEqual(['started', 'stopped'])
    await expect(cdp.as().tx(async () => 1)).rejects.toMatchObject({ code: 'storage.unavailable' })
  })

  test('a start that failed can be tried again', async () => {
    let ready = false
    const cdp = await compose(storage, {
      start: () => {
        if (!ready) throw new Error('the other service does not answer')
      },
    })
    await expect(cdp.start()).rejects.toMatchObject({
      code: 'plugin.start_failed',
      params: { plugin: 'hooked' },
    })
    ready = true
    await cdp.start()
    expect(await cdp.as().tx(async () => 'works')).toBe('works')
  })
})
