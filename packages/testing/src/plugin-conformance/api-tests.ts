import type { Route } from '@clientele/core'
import { Validator } from '@seriousme/openapi-schema-validator'
import { expect, test } from 'vitest'
import { createTestClientele, type TestClientele } from '../create-test-clientele.ts'
import type { Composition } from '../plugin-conformance.ts'
import type { TestActor } from '../test-access.ts'

/** Who may call the routes, and what the API's document says of them. */
export function apiTests({ plugin, plugins }: Composition): void {
  const routes: readonly (readonly [string, Route])[] = Object.entries(plugin.definition.routes ?? {})

  test('no route answers without credentials, but for public ones', async () => {
    const t = await createTestClientele({ plugins })
    for (const [name, route] of routes) {
      const { status } = await call(t, route, null)
      if (route.definition.permission === 'public') expect([401, 403], name).not.toContain(status)
      else expect(status, name).toBe(401)
    }
  })

  test('no route answers an actor without its permission', async () => {
    const t = await createTestClientele({ plugins })
    const other = { permissions: ['something:else'] }
    for (const [name, route] of routes) {
      const { status } = await call(t, route, other)
      const { permission, identify } = route.definition
      // A way of its own of finding out who calls does not know this actor.
      if (identify) expect(status, name).toBe(401)
      else if (permission === 'public' || permission === 'authenticated') expect(status, name).not.toBe(403)
      else expect(status, name).toBe(403)
    }
  })

  test('the API with this plugin is valid OpenAPI 3.1 and describes each of its routes', async () => {
    const t = await createTestClientele({ plugins })
    const document = t.cdp.openapi() as { readonly paths: Record<string, Record<string, Operation>> }
    const { valid, errors } = await new Validator().validate(structuredClone(document))
    expect({ valid, errors }).toEqual({ valid: true })
    const ids = Object.values(document.paths).flatMap((path) =>
      Object.values(path).map((one) => one.operationId),
    )
    for (const [name] of routes) expect(ids).toContain(`${plugin.id}.${name}`)
  })
}

interface Operation {
  readonly operationId: string
}

/** Ids are made up: who may call is decided before anything is looked up. */
function call(
  t: TestClientele<any>,
  { method, definition }: Route,
  as: TestActor | null,
): ReturnType<TestClientele<any>['fetch']> {
  const path = definition.path.replaceAll(/:\w+/g, '01890000-0000-7000-8000-000000000000')
  return t.fetch(path, { method: method.toUpperCase(), as })
}
