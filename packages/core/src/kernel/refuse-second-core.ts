const KEY = Symbol.for('clientele:core')

/**
 * Two copies of the core in one process would split the container and the entities between them: says so with both
 * paths, at once, instead of failing somewhere later.
 */
export function refuseSecondCore(url: string, version: string): void {
  const holder = globalThis as { [KEY]?: { readonly url: string; readonly version: string } }
  const first = (holder[KEY] ??= { url, version })
  if (first.url === url) return
  throw new Error(
    `Two copies of @clientele/core are loaded: ${first.version} from ${first.url} and ${version} from ${url}; ` +
      'make them one (npm ls @clientele/core, npm dedupe)',
  )
}
