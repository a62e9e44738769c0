import { createServer } from 'node:http'
import { writeSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import express from 'express'
import type { SharedDatabase } from '@clientele/testing'
import { createClientele } from '../clientele.ts'
import type { Clientele } from '../clientele.types.ts'
import { onDatabase } from '../storage/shared-database.fixture.ts'
import { notes } from './notes.fixture.ts'

/** What a process needs to know to serve the same database; passed as JSON. */
export interface ServerOptions {
  readonly database: SharedDatabase
  readonly lockMs?: number
}

/** An instance that lets everybody in as one user. */
export function notesInstance({ database, lockMs }: ServerOptions): Clientele {
  return createClientele({
    ...onDatabase(database),
    authenticators: [
      {
        name: 'everybody',
        scheme: { type: 'http', scheme: 'none' },
        authenticate: () => ({
          actor: { kind: 'user', id: 'everybody', permissions: new Set(['*']) },
          tenants: ['default'],
        }),
      },
    ],
    idempotency: lockMs === undefined ? {} : { lockMs },
    plugins: [notes()],
  })
}

/** Listens on a free port, and answers which. */
async function serve(instance: Clientele): Promise<number> {
  await instance.start({ workers: false })
  const server = createServer(express().use(instance.router()))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

// As a program: serves, and says where.
if (process.argv[1] === import.meta.filename) {
  const port = await serve(notesInstance(JSON.parse(process.argv[2]!) as ServerOptions))
  writeSync(1, `${port}\n`)
}
