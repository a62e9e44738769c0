/**
 * `npm run pack:check` (after `npm run build`): are the packages fit to publish? Packs each one, lints the tarball,
 * unpacks all into a project outside the workspace, imports every entry with plain Node and type-checks a consumer.
 * Third-party packages are linked from our node_modules, so it needs no network.
 */
import { globSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { linkThirdParties, runCommands, tryConsumer, writeConsumer } from './consumer.ts'
import { lintTarball, packAll, unpack } from './tarballs.ts'
import type { PackageManifest } from './package-manifest.ts'

const manifests = globSync('packages/*/package.json')
  .toSorted()
  .map((path) => JSON.parse(readFileSync(path, 'utf8')) as PackageManifest)
  .filter((manifest) => !manifest.private)

const project = await mkdtemp(join(tmpdir(), 'clientele-pack-'))
try {
  const tarballs = packAll(manifests, project)
  const lint = await Promise.all(tarballs.map(lintTarball))
  for (const { file, manifest } of tarballs) unpack(file, join(project, 'node_modules', manifest.name))
  linkThirdParties(manifests, project)
  writeConsumer(manifests, project)
  const problems = [...lint.flat(), ...(await tryConsumer(project)), ...runCommands(manifests, project)]
  for (const problem of problems) console.error(problem)
  console.log(`${tarballs.length} packages packed, ${problems.length} problems`)
  if (problems.length > 0) process.exitCode = 1
} finally {
  await rm(project, { recursive: true, force: true })
}
