import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { table } from './table.ts'

const SOURCES = resolve(import.meta.dirname, '../../packages/admin-sdk/src')

/** Where the page stands. */
export const ADMIN_SDK_PAGE = resolve(import.meta.dirname, '../../docs/reference/admin-sdk.md')

const INTRODUCTION = `# The admin SDK

What a panel imports from \`@clientele/admin-sdk\`. Beside it a panel imports \`preact\`, \`preact/hooks\` and
\`@preact/signals\`, and nothing else that the shell brings. [Panels for the admin](../guides/admin-panels.md) shows how
to write one; types, limits and defaults stand where each name is declared, and in the editor.

This page is written by \`npm run docs:reference\` from the docstrings; a test holds it equal.
`

/** Folders of the SDK in the order of the page. */
const SECTIONS: Readonly<Record<string, string>> = {
  entity: 'Screens of an entity',
  list: 'Lists',
  api: 'The API',
  live: 'Changes and jobs',
  job: 'Files of many rows',
  import: 'Imports',
  ui: 'Controls',
  charts: 'Charts',
  navigation: 'Places',
  words: 'Words, numbers and time',
  session: 'The session',
  panel: 'Panels and slots',
}

/** A name that panels import. */
export interface SdkExport {
  readonly name: string
  readonly isType: boolean
  /** The folder of its source. */
  readonly section: string
  /** The first sentence of its docstring; empty when it has none. */
  readonly summary: string
}

/** The page as the docstrings say it. */
export function adminSdkPage(): string {
  const all = sdkExports()
  const sections = Object.entries(SECTIONS).map(([folder, title]) => {
    const own = all.filter(({ section }) => section === folder)
    const rows = own.map(({ name, isType, summary }) => [`\`${name}\`${isType ? ' (type)' : ''}`, summary])
    return `## ${title}\n\n${table(['name', 'what it is'], rows)}\n`
  })
  return [INTRODUCTION, ...sections].join('\n')
}

/** Everything that the SDK exports, values before types. */
export function sdkExports(): readonly SdkExport[] {
  const index = read('index.ts')
  const found = [...index.matchAll(/export (type )?(?:\{([^}]*)\}|\*) from '\.\/([^']+)'/g)].flatMap(
    ([, onlyTypes, names, file]) => {
      const source = read(file!)
      const listed =
        names
          ?.split(',')
          .map((name) => name.trim())
          .filter(Boolean) ??
        [...source.matchAll(/^export (?:async )?(\w+) (\w+)/gm)].map(([, kind, name]) =>
          kind === 'interface' || kind === 'type' ? `type ${name}` : name!,
        )
      return listed.map((name): SdkExport => ({
        name: name.replace(/^type /, ''),
        isType: onlyTypes !== undefined || name.startsWith('type '),
        section: dirname(file!),
        summary: summaryOf(source, name.replace(/^type /, '')),
      }))
    },
  )
  const rank = ({ isType, name }: SdkExport): string => `${isType ? 1 : 0}${name.toLowerCase()}`
  return found.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

function summaryOf(source: string, name: string): string {
  const declared = new RegExp(
    String.raw`/\*\*((?:(?!\*/)[\s\S])*)\*/\s*export (?:async )?(?:function|const|class|interface|type) ${name}\b`,
  )
  const text = declared.exec(source)?.[1]?.replace(/^\s*\* ?/gm, '') ?? ''
  const [prose = ''] = text.trim().split(/\n\s*\n|\n?@\w+|^@/m)
  const [sentence = ''] = /^.*?[.!?](?=\s|$)/s.exec(prose) ?? [prose]
  return sentence
    .replace(/\s+/g, ' ')
    .replace(/\{@link (\w+)\}/g, '`$1`')
    .trim()
}

function read(file: string): string {
  return readFileSync(resolve(SOURCES, file), 'utf8')
}
