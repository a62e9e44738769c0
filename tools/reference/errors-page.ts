import { glob } from 'node:fs/promises'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

interface Definition {
  readonly code: string
  readonly status: number
  readonly title: string
}

const ROOT = resolve(import.meta.dirname, '../..')

/** Where the page stands. */
export const ERRORS_PAGE = resolve(ROOT, 'docs/reference/errors.md')

const INTRODUCTION = `# Errors

Every error a program can meet has a code. Over HTTP it is an RFC 9457 \`application/problem+json\` body with \`code\`,
\`title\`, \`status\`, an English \`detail\` and \`params\`; in process it is a \`ClienteleError\` with the same fields.
Branch on the code: it never changes its meaning.

This page is written by \`npm run docs:reference\` from the packages' \`*.errors.ts\` files; a test holds it equal.
`

/** The page as the error tables of all packages say it. */
export async function errorsPage(): Promise<string> {
  const files = Map.groupBy(await errorFiles(), (file) => file.split('/')[1]!)
  const sections = await Promise.all(
    [...files].map(async ([name, of]) => {
      const definitions = (await Promise.all(of.map(definitionsOf))).flat()
      return { name, definitions: definitions.toSorted((a, b) => (a.code < b.code ? -1 : 1)) }
    }),
  )
  const seen = new Set<string>()
  const texts = sections.map(({ name, definitions }) => {
    const own = definitions.filter(({ code }) => !seen.has(code))
    for (const { code } of own) seen.add(code)
    return own.length === 0 ? '' : section(name, own)
  })
  return [INTRODUCTION, ...texts.filter(Boolean)].join('\n')
}

async function errorFiles(): Promise<string[]> {
  const files: string[] = []
  for await (const file of glob('packages/*/src/**/*.errors.ts', { cwd: ROOT })) files.push(file)
  // The core first, then by name: a table that a higher package repeats is listed where it was declared.
  const rank = (file: string): string => (file.startsWith('packages/core/') ? '' : file)
  return files.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))
}

async function definitionsOf(file: string): Promise<Definition[]> {
  const module = (await import(pathToFileURL(resolve(ROOT, file)).href)) as Record<string, unknown>
  return Object.values(module).flatMap(
    (value) => (value as { definitions?: Definition[] } | null)?.definitions ?? [],
  )
}

function section(name: string, definitions: readonly Definition[]): string {
  const rows = definitions.map(({ code, status, title }) => [`\`${code}\``, String(status), title] as const)
  const width = (column: 0 | 1 | 2, head: string): number =>
    Math.max(head.length, ...rows.map((row) => row[column].length))
  const widths = [width(0, 'code'), width(1, 'status'), width(2, 'title')] as const
  const line = (cells: readonly [string, string, string]): string =>
    `| ${cells[0].padEnd(widths[0])} | ${cells[1].padEnd(widths[1])} | ${cells[2].padEnd(widths[2])} |`
  const rule = `| ${widths.map((length) => '-'.repeat(length)).join(' | ')} |`
  return `## @clientele/${name}\n\n${[line(['code', 'status', 'title']), rule, ...rows.map(line)].join('\n')}\n`
}
