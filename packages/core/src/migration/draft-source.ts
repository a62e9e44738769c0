import type { AnyColumn, ColumnSpec } from '../entity/column.ts'
import type { AnyEntity } from '../entity/entity.ts'
import { isGlobal } from '../storage/physical.ts'
import type { DraftStep } from './draft-steps.ts'

interface Draft {
  readonly steps: readonly DraftStep[]
  readonly todo: readonly string[]
  readonly dialect: string
}

/** The text of a migration file in the shape that those of the core have. */
export function draftSource(constant: string, { steps, todo }: Draft): string {
  const tables = steps.flatMap(({ table }) => (table ? [table] : []))
  const referred = referredTables(steps)
  const body = (lines: readonly string[]): string =>
    lines.length === 0 ? '' : `\n${lines.map((line) => `    ${line}`).join('\n')}\n  `
  const up = [...steps.map((step) => call(step.up, step)), ...todo.map((line) => `// TODO: ${line}`)]
  const down = steps
    .toReversed()
    .map((step) => (step.down === null ? `// TODO: undo ${step.up}` : call(step.down, step)))
  const constants = [...referred.map(referredSource), ...tables.map(tableSource)]
  const text = `${constants.join('\n')}export const ${constant}: Migration = {
  async up(m) {${body(up)}},
  async down(m) {${body(down)}},
}
`
  const head =
    constants.length > 0
      ? '// The tables as they are at this version; the entities may move on, these may not.\n'
      : ''
  return `${imports(text)}\n${head}${text}`
}

function imports(text: string): string {
  const values = ['col', 'defineEntity'].filter((name) => new RegExp(`\\b${name}\\b[.(]`).test(text))
  const types = ['Migration', 'TableDefinition'].filter((name) => text.includes(`: ${name} =`))
  const names =
    values.length === 0
      ? `type { ${types.join(', ')} }`
      : `{ ${[...values, ...types.map((name) => `type ${name}`)].join(', ')} }`
  return `import ${names} from '@clientele/core'\n${text.includes('z.json()') ? "import * as z from 'zod'\n" : ''}`
}

function call(statement: string, { column }: DraftStep): string {
  return `await ${statement.replace('$column', column ? columnSource(column) : '')}`
}

/** Tables that columns refer to; also one that is created here is named by an entity of its own. */
function referredTables(steps: readonly DraftStep[]): AnyEntity[] {
  const named = new Map<string, AnyEntity>()
  const add = (entity: AnyEntity): void => void named.set(entity.name, entity)
  for (const { table, column } of steps) {
    if (table?.extension) add(table.extension.base)
    for (const { spec } of table ? Object.values(table.columns) : column ? [column] : [])
      if (spec.reference) add(spec.reference.target())
  }
  return [...named.values()]
}

function referredSource({ name, options }: AnyEntity): string {
  const parts = [
    ...(isGlobal(options) ? [`tenancy: { global: 'as it is' }`] : []),
    ...(options.subject ? ['subject: true'] : []),
    ...(options.softDelete ? ['softDelete: true'] : []),
  ]
  return `const ${referredName(name)} = defineEntity('${name}', {}${parts.length > 0 ? `, { ${parts.join(', ')} }` : ''})\n`
}

function referredName(name: string): string {
  return `${name}Table`
}

function tableSource({ name, columns, options, extension }: AnyEntity): string {
  const lines = Object.entries(columns).map(
    ([property, column]) => `    ${property}: ${columnSource(column)},`,
  )
  const parts = [
    ...(isGlobal(options)
      ? [`    tenancy: { global: ${quoted((options.tenancy as { global: string }).global)} },`]
      : []),
    ...(options.softDelete ? ['    softDelete: true,'] : []),
    ...(options.importable ? ['    importable: true,'] : []),
    ...(options.indexes?.length
      ? [
          '    indexes: [',
          ...options.indexes.map(({ on, unique, where }) => {
            const given = [
              `on: [${on.map((one: string) => quoted(one)).join(', ')}]`,
              ...(unique ? ['unique: true'] : []),
              ...(where ? [`where: ${quoted(where)}`] : []),
            ]
            return `      { ${given.join(', ')} },`
          }),
          '    ],',
        ]
      : []),
  ]
  return [
    `const ${name}: TableDefinition = {`,
    `  name: '${name}',`,
    lines.length > 0 ? `  columns: {\n${lines.join('\n')}\n  },` : '  columns: {},',
    ...(parts.length > 0 ? [`  options: {\n${parts.join('\n')}\n  },`] : []),
    ...(extension
      ? [`  extension: { base: ${referredName(extension.base.name)}, as: '${extension.as}' },`]
      : []),
    '}\n',
  ].join('\n')
}

/** As far as the table depends on it: what a value must look like is for today's entity to say. */
function columnSource({ spec }: AnyColumn): string {
  const plain = `${typeSource(spec)}${spec.nullable ? '.nullable()' : ''}${defaultSource(spec)}`
  const indexed = spec.indexed && !spec.reference && !spec.unique
  return `${plain}${spec.unique ? '.unique()' : ''}${indexed ? '.index()' : ''}`
}

function typeSource({ kind, unit, reference }: ColumnSpec): string {
  if (kind === 'json') return 'col.json(z.json())'
  // A value more is no change of the table.
  if (kind === 'enum') return 'col.text()'
  if (kind !== 'ref' || !reference) return unit === 'amount' ? 'col.amount()' : `col.${kind}()`
  const { target, onDelete, onMerge, onErase } = reference
  const given = Object.entries({ onDelete, onMerge, onErase })
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}: '${value}'`)
  const options = given.length > 0 ? `, { ${given.join(', ')} }` : ''
  return `col.ref(() => ${referredName(target().name)}${options})`
}

function defaultSource({ default: byDefault }: ColumnSpec): string {
  if (!byDefault) return ''
  if ('make' in byDefault) return `.default(${String(byDefault.make)})`
  return `.default(${source(byDefault.value)})`
}

function source(value: unknown): string {
  return typeof value === 'string' ? quoted(value) : JSON.stringify(value)
}

function quoted(text: string): string {
  return /['\\\n]/.test(text) ? JSON.stringify(text) : `'${text}'`
}
