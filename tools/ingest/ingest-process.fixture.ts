import { readFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { postgres } from '@clientele/adapter-postgres'
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele, silentLogger } from '@clientele/core'
import { customers, Ingest } from '@clientele/plugin-customers'
import type { SharedDatabase } from '@clientele/testing'
import express from 'express'

/** What a process needs to know to take events into the same database; passed as JSON. */
export interface IngestOptions {
  readonly database: SharedDatabase
  /** Takes the batches of this JSON file and ends, instead of serving. */
  readonly batches?: string
}

export function ingestInstance({ database }: IngestOptions) {
  return createClientele({
    storage: 'sqlite' in database ? sqlite(database.sqlite) : postgres({ ...database, max: 4 }),
    keys: `test:${Buffer.alloc(32, 7).toString('base64')}`,
    logger: silentLogger(),
    plugins: [customers()],
  })
}

// As a program: takes events over HTTP and says where, or takes those it was given and says what became of them.
if (process.argv[1] === import.meta.filename) {
  const options = JSON.parse(process.argv[2]!) as IngestOptions
  const instance = ingestInstance(options)
  await instance.start({ workers: false })
  if (options.batches) {
    const taken = { accepted: 0, duplicate: 0 }
    const batches = JSON.parse(readFileSync(options.batches, 'utf8')) as readonly (readonly unknown[])[]
    for (const events of batches) {
      const { ctx, get } = instance.as()
      const { accepted, duplicate } = await get(Ingest).ingest(ctx, { events, sourceId: null })
      taken.accepted += accepted
      taken.duplicate += duplicate
    }
    writeSync(1, JSON.stringify(taken))
    await instance.stop()
  } else {
    const server = createServer(express().use(instance.router()))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    writeSync(1, `${(server.address() as AddressInfo).port}\n`)
  }
}
