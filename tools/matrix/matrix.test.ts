import { corePlugin, Permissions, type KnownPermission, type Route } from '@clientele/core'
import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import { openShop, plugins, type Shop } from '../isolation/shop.ts'
import { signInAll, TENANT, type Caller } from './callers.fixture.ts'

interface Declared {
  readonly name: string
  readonly route: Route
}

/** Every route of every plugin, as it is declared. */
const routes: readonly Declared[] = [corePlugin(), ...plugins].flatMap(({ id, definition }) =>
  Object.entries<Route>(definition.routes ?? {}).map(([name, route]) => ({ name: `${id}.${name}`, route })),
)

/** Credentials in the body are another matter: they name no role. */
const known = routes.filter(({ route }) => !route.definition.identify)

eachStorage((storage) => {
  test('each route answers just the roles that its permission says, for every role and every route', async () => {
    const shop = await openShop(storage)
    const callers = await signInAll(shop)
    const { ctx } = shop.test.as({ tenantId: TENANT })
    const permissions = new Map(
      ctx
        .get(Permissions)
        .list(ctx)
        .map((one) => [one.key, one]),
    )
    const wrong: string[] = []
    const counted = { allowed: 0, refused: 0 }
    for (const { name, route } of known) {
      for (const caller of callers) {
        const wanted = verdictOf(caller, route, permissions)
        const { status, json } = await ask(shop, caller, route)
        // A parameter that no route knows: whoever is let in is told so, and nothing happens.
        const seen = status === 400 ? 'allowed' : `${status}`
        counted[wanted === 'allowed' ? 'allowed' : 'refused']++
        if (seen !== wanted) wrong.push(`${caller.name}, ${name}: ${seen} (${json?.code}), not ${wanted}`)
      }
    }
    console.log(
      `matrix: ${known.length} routes, ${callers.length} callers, ${counted.allowed} pairs allowed, ${counted.refused} refused`,
    )
    expect(wrong).toEqual([])
    expect(counted.allowed).toBeGreaterThan(known.length)
    expect(counted.refused).toBeGreaterThan(known.length)
  }, 240_000)
})

type Verdict = 'allowed' | '401' | '403'

/** What the declarations say, worked out apart from the code that enforces them. */
function verdictOf(
  caller: Caller,
  { definition }: Route,
  permissions: ReadonlyMap<string, KnownPermission>,
): Verdict {
  const { permission, scope, schemes } = definition
  const isKnown = caller.scheme !== null && (!schemes || schemes.includes(caller.scheme))
  if (permission === 'public' && scope === 'instance') return 'allowed'
  if (!isKnown) return '401'
  if (scope !== 'instance' && caller.isStranger) return '403'
  if (permission === 'public' || permission === 'authenticated') return 'allowed'
  if (scope === 'instance') return caller.isOperator ? 'allowed' : '403'
  return caller.holds(permissions.get(permission)!) ? 'allowed' : '403'
}

function ask(shop: Shop, caller: Caller, { method, definition }: Route): ReturnType<Shop['test']['fetch']> {
  const path = definition.path.replaceAll(/:\w+/g, '01890000-0000-7000-8000-000000000000')
  // An operator works in a tenant only by naming it.
  const isNamed = caller.isOperator && definition.scope !== 'instance'
  const named = isNamed ? path.replace('/api/v1/', `/api/v1/tenants/${TENANT}/`) : path
  return shop.test.fetch(`${named}?no-such-parameter=1`, {
    as: null,
    method: method.toUpperCase(),
    headers: caller.authorization === null ? {} : { authorization: caller.authorization },
  })
}
