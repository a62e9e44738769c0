import type { AnyEntity, Provider, ServiceToken } from '@clientele/core'
import { expect, test } from 'vitest'
import { createTestClientele } from '../create-test-clientele.ts'
import { eachStorage } from '../each-storage.ts'
import type { Composition } from '../plugin-conformance.ts'

/** Several instances in one process: a host's tests, a worker beside the server. */
export function instanceTests({ plugin, plugins }: Composition): void {
  test('two instances make services of their own', async () => {
    const [one, other] = [await createTestClientele({ plugins }), await createTestClientele({ plugins })]
    for (const token of tokensOf(plugin)) {
      expect(one.as().get(token), `the service ${token.id}`).not.toBe(other.as().get(token))
    }
  })

  eachStorage((storage) => {
    test('an instance goes on when another one in its process stops', async () => {
      const [one, other] = [
        await createTestClientele({ storage, plugins }),
        await createTestClientele({ storage, plugins }),
      ]
      await one.cdp.stop()
      for (const entity of (plugin.definition.entities ?? []) as readonly AnyEntity[]) {
        const { items } = await other
          .as()
          .ctx.repo(entity)
          .list({ filters: [], sort: [ID], limit: 1 })
        expect(items, entity.name).toEqual([])
      }
      expect((await other.fetch('/ready', { as: null })).status).toBe(200)
    })
  })
}

const ID = { field: 'id', direction: 'asc' } as const

// `any`: tokens of services of all kinds.
function tokensOf({ definition, options }: Composition['plugin']): readonly ServiceToken<any>[] {
  const parsed: unknown = definition.options?.parse(options ?? {})
  const providers: readonly Provider[] = definition.services?.(parsed) ?? []
  return providers.map((provider) => provider.token)
}
