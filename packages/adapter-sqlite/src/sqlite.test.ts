import { storageConformance } from '@clientele/testing'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqlite } from './sqlite.ts'

storageConformance({
  name: 'sqlite',
  async create() {
    const folder = await mkdtemp(join(tmpdir(), 'clientele-sqlite-'))
    const file = join(folder, 'test.db')
    return {
      storage: sqlite(file),
      peer: sqlite(file),
      dispose: () => rm(folder, { recursive: true }),
    }
  },
})
