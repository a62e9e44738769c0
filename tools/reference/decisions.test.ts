import { readdir, readFile } from 'node:fs/promises'
import { resolve } from 'node:path'
import { expect, test } from 'vitest'

const FOLDER = resolve(import.meta.dirname, '../../docs/decisions')

test('the list of decisions has every page once, by its number and its title', async () => {
  const files = (await readdir(FOLDER)).filter((name) => name !== 'README.md').toSorted()
  const rows = (await readFile(resolve(FOLDER, 'README.md'), 'utf8'))
    .split('\n')
    .filter((line) => line.startsWith('| ['))
    .map((line) => line.split('|').map((cell) => cell.trim()))
  const expected = await Promise.all(
    files.map(async (name) => {
      const [, number, title] = /^# (\d+)\. (.+)/.exec(await readFile(resolve(FOLDER, name), 'utf8'))!
      expect(name.startsWith(number!.padStart(4, '0'))).toBe(true)
      return [`[${number}](${name})`, title]
    }),
  )
  expect(rows.map(([, link, title]) => [link, title])).toEqual(expected)
})
