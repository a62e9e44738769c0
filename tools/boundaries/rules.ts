import { posix } from 'node:path'
import { floorOf, shortName } from './layers.ts'
import type { Mention, SourceFile } from './source-file.ts'

/** A package or example, from its package.json. */
export interface Manifest {
  readonly name: string
  /** From the repository's root: `packages/core`. */
  readonly folder: string
  readonly dependencies: readonly string[]
  readonly peerDependencies: readonly string[]
  readonly devDependencies: readonly string[]
  /** Its subpaths as written in `exports`: `.`, `./testing`. */
  readonly exports: readonly string[]
}

export interface Violation {
  readonly path: string
  readonly line: number
  readonly message: string
}

/** Everything in `files` that breaks a rule of the house, in the order of the files. */
export function checkBoundaries(manifests: readonly Manifest[], files: readonly SourceFile[]): Violation[] {
  const byName = new Map(manifests.map((manifest) => [manifest.name, manifest]))
  return files.flatMap((file) => {
    const owner = manifests.find((manifest) => file.path.startsWith(`${manifest.folder}/`))
    const at = (mention: Mention, message: string): Violation => ({
      path: file.path,
      line: mention.line,
      message,
    })
    return [
      ...file.imports.flatMap((one) => {
        const message = owner
          ? wrongImport(one.text, file.path, owner, byName)
          : reachesInside(one.text, file.path)
        return message ? [at(one, message)] : []
      }),
      ...(mayReadTime(file.path)
        ? []
        : file.impure.map((one) => at(one, `${one.text} is for the ports: use the clock or random port`))),
      ...(isTest(file.path)
        ? []
        : file.unexplainedAny.map((one) => at(one, '`any` without a comment that says why'))),
      ...(isAdapter(owner) && !isTest(file.path)
        ? file.words
            .filter((word) => domainWord.test(word.text))
            .map((word) => at(word, `an adapter knows no domain word: ${word.text.slice(0, 60)}`))
        : []),
    ]
  })
}

const domainWord = /customer|segment|inventor|product|campaign|refund/i

function wrongImport(
  specifier: string,
  path: string,
  owner: Manifest,
  byName: ReadonlyMap<string, Manifest>,
): string | undefined {
  if (isBrowser(path) && isOfNode(specifier))
    return `${specifier} does not run in a browser: of ours a panel imports @clientele/admin-sdk alone`
  if (specifier.startsWith('node:')) return undefined
  if (specifier.startsWith('.')) return wrongRelativeImport(specifier, path, owner)
  const packageName = /^(?:@[^/]+\/)?[^/]+/.exec(specifier)?.[0] ?? specifier
  if (packageName === owner.name)
    return isTest(path) ? undefined : `a package does not import itself by name: import the file that has it`
  if (packageName === 'tsyringe' && path !== 'packages/core/src/di/container.ts')
    return 'only packages/core/src/di/container.ts imports tsyringe: use the typed tokens'
  const target = byName.get(packageName)
  return (
    (shortName(packageName) === undefined ? undefined : wrongArrow(path, owner, packageName)) ??
    wrongEntry(specifier, packageName, target) ??
    unlisted(packageName, path, owner)
  )
}

function wrongRelativeImport(specifier: string, path: string, owner: Manifest): string | undefined {
  const target = posix.join(posix.dirname(path), specifier)
  if (!target.startsWith(`${owner.folder}/`))
    return `${specifier} leaves ${owner.folder}: import another package by its name`
  if (target === `${owner.folder}/src/index.ts` && !isTest(path))
    return `nobody inside ${owner.folder} uses its front door: import the file that has it`
  if (isTest(target) && !isTest(path)) return `${specifier} is for tests only, and not part of the package`
  return undefined
}

/** Down only; adapters and the test kit are for hosts and tests, which may reach up to them. */
function wrongArrow(path: string, owner: Manifest, target: string): string | undefined {
  const isForHosts = shortName(target)!.startsWith('adapter-') || target === '@clientele/testing'
  if (isForHosts && (isTest(path) || owner.folder.startsWith('examples/'))) return undefined
  if (isForHosts && owner.name !== '@clientele/testing')
    return `${target} is for hosts and tests, ${owner.name} must work without it`
  if (floorOf(target) < floorOf(owner.name)) return undefined
  return `${owner.name} does not know ${target}: imports point down only (tools/boundaries/layers.ts)`
}

function wrongEntry(
  specifier: string,
  packageName: string,
  target: Manifest | undefined,
): string | undefined {
  if (!target) return undefined
  const subpath = `.${specifier.slice(packageName.length)}`
  return target.exports.includes(subpath) ? undefined : `${packageName} does not export "${subpath}"`
}

function unlisted(packageName: string, path: string, owner: Manifest): string | undefined {
  const listed = [
    ...owner.dependencies,
    ...owner.peerDependencies,
    ...(isTest(path) || isBrowser(path) || isBuild(path) ? owner.devDependencies : []),
  ]
  if (listed.includes(packageName)) return undefined
  const where = isTest(path) ? 'devDependencies' : 'dependencies or peerDependencies'
  return `${packageName} is missing from the ${where} of ${owner.folder}/package.json`
}

/** How a package is built is for its own developers. */
function isBuild(path: string): boolean {
  return path.endsWith('.config.ts')
}

/** What runs in the admin panel: built into the package's files, so what it imports is there already. */
function isBrowser(path: string): boolean {
  if (isTest(path) || path.startsWith('packages/admin-sdk/src/build/')) return false
  return /^packages\/(admin-sdk\/src|admin\/app)\/|^(packages|examples)\/[^/]+\/src\/admin\//.test(path)
}

function isOfNode(specifier: string): boolean {
  return specifier.startsWith('node:') || (shortName(specifier) ?? 'admin-sdk') !== 'admin-sdk'
}

/** Benchmarks, tools and configuration files use packages as anyone outside does. */
function reachesInside(specifier: string, path: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined
  const target = posix.join(posix.dirname(path), specifier)
  return target.startsWith('packages/')
    ? `${specifier} reaches into a package: import it by its name`
    : undefined
}

/** Tests, type tests and what only they import. */
function isTest(path: string): boolean {
  return /\.(test|test-d|fixture)\.tsx?$/.test(path)
}

function isAdapter(owner: Manifest | undefined): boolean {
  return owner !== undefined && owner.folder.startsWith('packages/adapter-')
}

function mayReadTime(path: string): boolean {
  return (
    !path.startsWith('packages/') ||
    path.startsWith('packages/core/src/ports/') ||
    isTest(path) ||
    isBrowser(path)
  )
}
