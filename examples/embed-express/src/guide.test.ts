import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { expect, test } from 'vitest'

const GUIDE = resolve(import.meta.dirname, '../../../docs/guides/embed-in-express.md')

test('every block of the guide "Embed in Express" stands in a file of this example', () => {
  const blocks = [...readFileSync(GUIDE, 'utf8').matchAll(/```ts\n(.*?)```/gs)].map((match) => match[1]!)
  const files = readdirSync(import.meta.dirname, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts') && !file.endsWith('.test.ts'))
    .map((file) => flat(readFileSync(join(import.meta.dirname, file), 'utf8')))
  expect(blocks.length).toBeGreaterThan(5)
  expect(blocks.filter((block) => !files.some((file) => file.includes(flat(block))))).toEqual([])
})

/** Without indentation and empty lines. */
function flat(code: string): string {
  const lines = code.split('\n').map((line) => line.trim())
  return `\n${lines.filter(Boolean).join('\n')}\n`
}
