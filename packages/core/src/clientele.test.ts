import * as z from 'zod'
import { expect, test } from 'vitest'
import { sqlite } from '@clientele/adapter-sqlite'
import { createClientele } from './clientele.ts'
import { defineService, provide } from './di/token.ts'
import { col } from './entity/column.ts'
import { defineEntity, extendEntity, type AnyEntity } from './entity/entity.ts'
import { after, defineDomainEvent } from './event/domain-event.ts'
import { route } from './http/route.ts'
import { definePlugin, type AnyPlugin, type AnyPluginFactory } from './plugin/plugin.ts'

const requires = { core: '^0.1.0' }
const Person = defineEntity('people', { name: col.text() }, { subject: true })
const people = definePlugin({ id: 'people', version: '1.0.0', requires, entities: [Person] })

/** The problems that composing these plugins reports. */
function problemsOf(...plugins: readonly AnyPlugin[]): readonly string[] {
  try {
    createClientele({ storage: sqlite('unused.db'), plugins })
    return []
  } catch (error) {
    return (error as { params: { problems: string[] } }).params.problems
  }
}

function bare(id: string, rest: object = {}): AnyPlugin {
  return definePlugin({ id, version: '1.0.0', requires, ...rest })() as AnyPlugin
}

const noop = route.get({
  path: '/api/v1/a',
  permission: 'public',
  summary: 'x',
  response: z.string(),
  handler: () => '',
})

/** The problems that composing with these options reports. */
function optionProblemsOf(options: object): readonly string[] {
  try {
    createClientele({ storage: sqlite('unused.db'), plugins: [], ...options })
    return []
  } catch (error) {
    return (error as { params: { problems: string[] } }).params.problems
  }
}

test('wrong options are all named at once, with what they may be', () => {
  expect(
    optionProblemsOf({
      tenancy: { mode: 'many', tenants: ['a'] },
      jobs: { leaseMs: 0, pollMs: Number.NaN, batch: 1.5 },
      observe: { metrics: 'all' },
    }),
  ).toEqual([
    `tenancy.mode "many" is not known; use 'single' or 'multi'`,
    'tenancy.tenants must be a function that answers the ids of all tenants',
    'jobs.leaseMs "0" must be a whole number from 1 on',
    'jobs.pollMs "NaN" must be a whole number from 1 on',
    'jobs.batch "1.5" must be a whole number from 1 on',
    `observe.metrics "all" is not known; use 'system:read' or 'public'`,
  ])
  expect(optionProblemsOf({ jobs: { leaseMs: 3000 } })).toEqual([
    'jobs.heartbeatMs 4000 must be at most half of jobs.leaseMs 3000, so that one lost sign of life costs no job; a third is usual',
  ])
  expect(
    optionProblemsOf({ jobs: { leaseMs: 3000, heartbeatMs: 1000 }, tenancy: { mode: 'multi' } }),
  ).toEqual([])
})

test('an instance of one tenant knows no other', () => {
  const single = createClientele({ storage: sqlite('unused.db'), plugins: [] })
  expect(() => single.as({ tenantId: 'acme' })).toThrow(
    `There is no tenant "acme": this instance serves "default" only; leave tenantId out, or set tenancy.mode to 'multi'`,
  )
  expect(single.as({ tenantId: 'default' }).ctx.tenantId).toBe('default')
})

test('a sound composition has no problem', () => {
  expect(problemsOf(people())).toEqual([])
})

test.each<[string, readonly AnyPlugin[], string]>([
  [
    'a factory that is not called',
    [people as never],
    'plugins[0] is the factory of plugin "people"; call it: people()',
  ],
  ['something else', [people(), null as never], 'plugins[1] is no plugin; list what a plugin'],
  ['an id used twice', [bare('a'), bare('a')], 'plugin "a" is installed twice'],
  ['a bad id', [bare('Bad Id')], 'plugin "Bad Id": an id is lower-case'],
  [
    'a missing dependency',
    [bare('a', { dependsOn: [people] })],
    'plugin "a" depends on "people", which is not installed; add people()',
  ],
  [
    'a core that is too old',
    [bare('a', { requires: { core: '^9.0.0' } })],
    'plugin "a" needs @clientele/core ^9.0.0',
  ],
  [
    'a plugin of the wrong version',
    [people(), bare('a', { dependsOn: [people], requires: { ...requires, plugins: { people: '^2.0.0' } } })],
    'plugin "a" needs plugin "people" ^2.0.0, but 1.0.0',
  ],
  [
    'an option of the wrong type',
    [
      definePlugin({ id: 'a', version: '1.0.0', requires, options: z.object({ max: z.number() }) })({
        max: 'x' as never,
      }) as AnyPlugin,
    ],
    'plugin "a": option max:',
  ],
  [
    'a route without permission',
    [bare('a', { routes: { a: { ...noop, definition: { ...noop.definition, permission: undefined } } } })],
    'route "a" names no permission',
  ],
  [
    'a permission nobody declares',
    [bare('a', { routes: { a: { ...noop, definition: { ...noop.definition, permission: 'a:read' } } } })],
    'no installed plugin declares the permission "a:read"',
  ],
  [
    'two routes on one path',
    [bare('a', { routes: { a: noop } }), bare('b', { routes: { b: noop } })],
    'plugin "b": route "b": GET /api/v1/a is already taken by plugin "a"',
  ],
  [
    'a schema that OpenAPI cannot say',
    [
      bare('a', {
        routes: {
          a: { ...noop, definition: { ...noop.definition, response: z.map(z.string(), z.string()) } },
        },
      }),
    ],
    'plugin "a": route "a"',
  ],
  [
    'a reference to a person that does not say onMerge',
    [
      people(),
      bare('a', {
        dependsOn: [people],
        entities: [defineEntity('notes', { who: col.ref(() => Person as AnyEntity) })],
      }),
    ],
    '"notes.who" refers to a person: say onMerge',
  ],
  [
    'an emptied reference that may not be empty',
    [
      people(),
      bare('a', {
        dependsOn: [people],
        entities: [
          defineEntity('notes', { who: col.ref(() => Person, { onMerge: 'move', onErase: 'anonymise' }) }),
        ],
      }),
    ],
    'so the column must be nullable',
  ],
  [
    'a reference past dependsOn',
    [
      people(),
      bare('a', {
        entities: [
          defineEntity('notes', { who: col.ref(() => Person, { onMerge: 'move', onErase: 'delete' }) }),
        ],
      }),
    ],
    'add it to dependsOn',
  ],
  [
    'one entity in two plugins',
    [people(), bare('a', { entities: [Person] })],
    'entity "people" is declared by both',
  ],
  [
    'a column of the framework',
    [bare('a', { entities: [defineEntity('notes', { version: col.integer() })] })],
    'column "version" is one of the framework',
  ],
  [
    'an extension without default',
    [
      people(),
      bare('a', {
        dependsOn: [people],
        entities: [extendEntity(Person, 'scores', { score: col.integer() as never }, { as: 'score' })],
      }),
    ],
    'needs a default or to be nullable',
  ],
  [
    'a handler of an event nobody announces',
    [
      bare('a', {
        handlers: [
          after(defineDomainEvent('x.done', z.object({})), 'a.x', { effect: 'inside' }, async () => {}),
        ],
      }),
    ],
    'handler "a.x" waits for "x.done"',
  ],
  [
    'a service nobody provides',
    [
      bare('a', {
        services: () => [
          provide(defineService<string>('a.s'), {
            deps: { b: defineService<string>('b.s') },
            factory: () => '',
          }),
        ],
      }),
    ],
    'service "a.s" needs "b.s"',
  ],
  [
    'a migration without number',
    [bare('a', { migrations: { init: { up: async () => {}, down: async () => {} } } })],
    'must be named like 0001-orders',
  ],
])('%s is found at start', (_, plugins, expected) => {
  expect(problemsOf(...plugins).join('\n')).toContain(expected)
})

test('plugins in a circle are named in order', () => {
  const dependencies: Record<'a' | 'b', AnyPluginFactory[]> = { a: [], b: [] }
  const make = (id: 'a' | 'b'): AnyPluginFactory =>
    definePlugin({ id, version: '1.0.0', requires, dependsOn: dependencies[id] })
  const [a, b] = [make('a'), make('b')]
  dependencies.a.push(b)
  dependencies.b.push(a)
  expect(problemsOf(a(), b())).toContain('plugins depend on each other in a circle: a → b → a')
})

test('all problems are reported at once, as a list', () => {
  expect(() =>
    createClientele({
      storage: sqlite('unused.db'),
      plugins: [bare('Bad Id'), bare('a', { dependsOn: [people] })],
    }),
  ).toThrow(/2 problems:\n {2}- .*Bad Id.*\n {2}- .*people/s)
})
