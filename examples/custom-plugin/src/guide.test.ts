import { globSync, readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const ROOT = resolve(import.meta.dirname, '../../..')

test('every block of the guide "Panels for the admin" is a file of this example', () => {
  const guide = readFileSync(resolve(ROOT, 'docs/guides/admin-panels.md'), 'utf8')
  const blocks = [...guide.matchAll(/```tsx?\n(.*?)```/gs)].map((match) => match[1]!)
  const files = globSync(['*.ts', 'src/**/*.{ts,tsx}'], { cwd: resolve(import.meta.dirname, '..') })
  const texts = files.map((file) => readFileSync(resolve(import.meta.dirname, '..', file), 'utf8'))
  expect(blocks.length).toBeGreaterThan(4)
  expect(blocks.filter((block) => !texts.includes(block))).toEqual([])
})
