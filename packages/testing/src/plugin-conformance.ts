import type { AnyPlugin } from '@clientele/core'
import { describe } from 'vitest'
import { apiTests } from './plugin-conformance/api-tests.ts'
import { declarationTests } from './plugin-conformance/declaration-tests.ts'
import { instanceTests } from './plugin-conformance/instance-tests.ts'
import { schemaTests } from './plugin-conformance/schema-tests.ts'

export interface PluginConformanceOptions {
  /** What the plugin depends on, as a host would list it. @default none */
  readonly dependencies?: readonly AnyPlugin[]
}

/** A plugin under test and what must stand before it. */
export interface Composition {
  readonly plugin: AnyPlugin
  /** Dependencies first, the plugin last. */
  readonly plugins: readonly AnyPlugin[]
}

/**
 * What every plugin must do, as vitest tests, on SQLite and on PostgreSQL: its migrations make the tables of its
 * entities and can be undone, tenants are kept apart in every key, no route is open by mistake, its API is described,
 * secrets stay inside, and two instances share nothing. Call it at the top level of a test file; the run needs
 * `@clientele/testing/vitest-global-setup`.
 *
 * @example
 * pluginConformance(loyalty({ points: 2 }), { dependencies: [customers(), inventory(), orders()] })
 */
export function pluginConformance(plugin: AnyPlugin, options: PluginConformanceOptions = {}): void {
  const composition: Composition = { plugin, plugins: [...(options.dependencies ?? []), plugin] }
  describe(`plugin conformance: ${plugin.id}`, () => {
    declarationTests(composition)
    schemaTests(composition)
    apiTests(composition)
    instanceTests(composition)
  })
}
