import type { Registry } from '@clientele/core'

/** Plugin → the URL of its panels' sources, for those that a development server serves from there. */
export type DevPanels = ReadonlyMap<string, string>

const known = new WeakMap<Registry, DevPanels>()

/** From now on the admin of this instance loads these panels from their sources, and its pages have no policy. */
export function serveFromSources(registry: Registry, panels: DevPanels): void {
  known.set(registry, panels)
}

/** Undefined where nobody develops. */
export function devPanelsOf(registry: Registry): DevPanels | undefined {
  return known.get(registry)
}
