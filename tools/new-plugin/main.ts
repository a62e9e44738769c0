/**
 * `npm run new:plugin -- NAME`: a plugin that works, in the shape of its neighbours, ready to be changed into yours.
 * `--help` says more.
 */
import { spawnSync } from 'node:child_process'
import { parseArgs } from 'node:util'
import { resolve } from 'node:path'
import { NameError, namesOf } from './names.ts'
import { registerPlugin } from './register.ts'
import { refuseTaken } from './taken.ts'
import { writePlugin } from './write-plugin.ts'

const HELP = `npm run new:plugin -- NAME [--noun ONE] [--plural MANY]

Writes packages/plugin-NAME: an entity with its migration, service, routes, options, errors, a job and tests,
which pass as they are on both databases. Then it is yours to change.

NAME      lower-case words with hyphens, as in gift-cards: the plugin's id and its package
--noun    what one row is, when NAME does not say: loyalty --noun point
--plural  several of them, when it is not formed by the rule: --noun person --plural people
`

const ROOT = resolve(import.meta.dirname, '../..')

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { noun: { type: 'string' }, plural: { type: 'string' }, help: { type: 'boolean', short: 'h' } },
  })
  if (values.help) console.log(HELP)
  else await create(positionals, values)
} catch (error) {
  const isWrongUse =
    error instanceof NameError || (error as { code?: string }).code?.startsWith('ERR_PARSE_ARGS')
  if (!isWrongUse) throw error
  console.error((error as Error).message)
  console.error('`npm run new:plugin -- --help` says more.')
  process.exitCode = 1
}

async function create(
  positionals: readonly string[],
  options: { readonly noun?: string; readonly plural?: string },
): Promise<void> {
  const [name, ...more] = positionals
  if (name === undefined || more.length > 0)
    throw new NameError('Name one plugin: npm run new:plugin -- gift-cards')
  const names = namesOf(name, options)
  await refuseTaken(ROOT, names)
  const files = await writePlugin(ROOT, names)
  await registerPlugin(ROOT, names)
  // Lines are longer or shorter than in the template.
  run('node_modules/oxfmt/bin/oxfmt', [`packages/plugin-${name}`, 'tsconfig.json'])
  run('--conditions=@clientele/source', ['tools/reference/main.ts'])
  const tests = `npm run test:unit -- plugin-${name}`
  console.log(`packages/plugin-${name}: ${files.length} files, listed in tsconfig.json, package-lock.json and docs/reference/errors.md

  ${tests}    # they pass
  ${'npm run check'.padEnd(tests.length)}    # the gate

Next: the columns in src/${names.noun}/${names.noun}.entity.ts and, the same, in src/migrations/0001-${name}.ts;
then its service and routes, and the README. Add ${names.factory}() to the plugins of a composition to see it.
docs/guides/write-a-plugin.md tells what there is.`)
}

function run(script: string, args: readonly string[]): void {
  const { status } = spawnSync(process.execPath, [script, ...args], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'inherit'],
  })
  if (status !== 0) throw new Error(`${script} ${args.join(' ')} failed`)
}
