/** The part of an npm lockfile (version 3) that the check reads. */
export interface Lockfile {
  readonly packages: Readonly<Record<string, LockedPackage>>
}

interface LockedPackage {
  readonly version?: string
  readonly resolved?: string
  readonly link?: boolean
  readonly integrity?: string
  readonly optionalDependencies?: Readonly<Record<string, string>>
}

/**
 * What is wrong with a lockfile, one sentence each:
 * - a registry's address, which would bind everyone to that registry;
 * - a package from the registry without its integrity hash;
 * - platform packages missing. npm writes such a lockfile without a word when a registry does not have them yet, and
 *   only `npm ci` fails, on another machine.
 */
export function lockfileProblems(lockfile: Lockfile): string[] {
  return Object.entries(lockfile.packages).flatMap(([path, locked]) => {
    const problems: string[] = []
    const isInstalled = path.includes('node_modules/') && !locked.link
    if (locked.resolved && /^(https?|git)/.test(locked.resolved))
      problems.push(`${path} is bound to ${locked.resolved}`)
    if (isInstalled && !locked.integrity) problems.push(`${path} has no integrity hash`)
    const optional = Object.keys(locked.optionalDependencies ?? {})
    const missing = optional.filter((name) => !isLocked(lockfile, path, name))
    if (missing.length > 0)
      problems.push(
        `${path || 'the root'} ${locked.version ?? ''} lacks ${missing.length} of ${optional.length} optional packages: ` +
          `${missing.join(', ')}. Pin a version whose platform packages are all on the registry`,
      )
    return problems
  })
}

/** Looks as Node does: beside the dependant, then one folder further up each time. */
function isLocked(lockfile: Lockfile, dependant: string, name: string): boolean {
  for (let folder = dependant; ; folder = parentOf(folder)) {
    if (lockfile.packages[`${folder && `${folder}/`}node_modules/${name}`]) return true
    if (!folder) return false
  }
}

function parentOf(folder: string): string {
  const at = folder.lastIndexOf('node_modules/')
  return at <= 0 ? '' : folder.slice(0, at - 1)
}
