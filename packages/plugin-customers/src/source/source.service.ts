import { defineService, type Tx } from '@clientele/core'
import { Source, type SourceRow } from './source.entity.ts'
import { hashOfWriteKey, newWriteKey } from './write-key.ts'

/** A source as people see it: what is kept of the key stays inside. */
export type PublicSource = Omit<SourceRow, 'keyHash'>

/** A source with its write key, which is shown this once. */
export interface SourceWithKey {
  readonly source: PublicSource
  readonly writeKey: string
}

/** The places events come from. */
export interface SourcesService {
  /** @throws `entity.conflict` for a name that is taken */
  create(t: Tx, values: { readonly name: string }): Promise<SourceWithKey>
  /** Gives it another write key; the old one is worth nothing at once. @throws `entity.not_found` */
  rotate(t: Tx, id: string): Promise<SourceWithKey>
}

export const Sources = defineService<SourcesService>('customers.sources')

export function createSourcesService(): SourcesService {
  return {
    async create(t, { name }) {
      const writeKey = newWriteKey(t)
      const source = await t.repo(Source).insert({ name, ...kept(writeKey) })
      return { source: withoutHash(source), writeKey }
    },
    async rotate(t, id) {
      const writeKey = newWriteKey(t)
      return { source: withoutHash(await t.repo(Source).patch(id, kept(writeKey))), writeKey }
    },
  }
}

function kept(writeKey: string): { keyHash: string; keyHint: string } {
  return { keyHash: hashOfWriteKey(writeKey), keyHint: `…${writeKey.slice(-4)}` }
}

function withoutHash({ keyHash: _, ...source }: SourceRow): PublicSource {
  return source
}
