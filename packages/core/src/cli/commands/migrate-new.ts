import { mkdir, readdir, writeFile } from 'node:fs/promises'
import { join, relative } from 'node:path'
import type { MigrationDraft } from '../../migration/draft-migration.ts'
import { painter } from '../colour.ts'
import type { Command } from '../command.ts'
import { findPlugin } from '../find-plugin.ts'
import type { Io } from '../io.ts'
import { UsageError } from '../usage-error.ts'

export const migrateNew: Command = {
  name: 'migrate new',
  summary: "Write a plugin's next migration, with what its entities lack as far as that is known",
  args: [{ value: 'NAME', description: 'What it does, in lower-case words: add-tags' }],
  options: {
    plugin: {
      type: 'string',
      value: 'PATH',
      description: "The plugin's folder or module; here when left out",
    },
  },
  async run({ values, args, io, cdp }) {
    const name = args[0]!
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name))
      throw new UsageError(`A migration's name is of lower-case words with hyphens, not "${name}": add-tags`)
    const plugin = await findPlugin(io.cwd, (values['plugin'] as string | undefined) ?? '.')
    const draft = await cdp.operate.draftMigration(plugin.id)
    const folder = join(plugin.folder, 'migrations')
    await mkdir(folder, { recursive: true })
    const key = `${nextNumber([...draft.existing, ...(await readdir(folder))])}-${name}`
    const constant = `m${key.replaceAll(/-(\w)/g, (_, letter: string) => letter.toUpperCase())}`
    const file = join(folder, `${key}.ts`)
    await writeFile(file, draft.source(constant), { flag: 'wx' })
    io.stdout.write(report({ ...plugin, draft, file, key, constant }, io))
  },
}

function nextNumber(names: readonly string[]): string {
  const numbers = names.map((name) => Number(/^(\d{4})-/.exec(name)?.[1] ?? 0))
  return String(Math.max(0, ...numbers) + 1).padStart(4, '0')
}

interface Written {
  readonly id: string
  readonly module: string
  readonly draft: MigrationDraft
  readonly file: string
  readonly key: string
  readonly constant: string
}

function report({ module, draft, file, key, constant }: Written, io: Io): string {
  const paint = painter(io)
  const steps = draft.steps.map((step) => `  ${step.replace(', $column', '')}\n`)
  const todo = draft.todo.map((line) => `  ${paint('yellow', 'TODO')}  ${line}\n`)
  const nothing =
    steps.length + todo.length === 0 ? '  nothing: the entities are what the migrations make\n' : ''
  return `${paint('green', 'Wrote')} ${relative(io.cwd, file)}:
${nothing}${steps.join('')}${todo.join('')}
Read it, then register it in ${relative(io.cwd, module)}:

  import { ${constant} } from './migrations/${key}.ts'
  migrations: { …, '${key}': ${constant} },
`
}
