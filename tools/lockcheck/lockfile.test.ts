import { expect, test } from 'vitest'
import { lockfileProblems } from './lockfile.ts'

const hash = { version: '1.0.0', integrity: 'sha512-x' }

test('a complete lockfile without addresses has no problem', () => {
  expect(
    lockfileProblems({
      packages: {
        '': {},
        'packages/core': { version: '0.1.0' },
        'node_modules/@clientele/core': { resolved: 'packages/core', link: true },
        'node_modules/oxlint': { ...hash, optionalDependencies: { 'oxlint-linux': '1.0.0' } },
        'node_modules/oxlint-linux': hash,
      },
    }),
  ).toEqual([])
})

test('a platform package that is not locked is named', () => {
  const oxlint = { ...hash, optionalDependencies: { 'oxlint-linux': '1.0.0', 'oxlint-mac': '1.0.0' } }
  expect(
    lockfileProblems({ packages: { 'node_modules/oxlint': oxlint, 'node_modules/oxlint-linux': hash } }),
  ).toEqual([expect.stringContaining('lacks 1 of 2 optional packages: oxlint-mac')])
})

test('a platform package may lie beside a nested dependant or above it', () => {
  const esbuild = { ...hash, optionalDependencies: { '@esbuild/linux': '1.0.0' } }
  const nested = { 'node_modules/a/node_modules/esbuild': esbuild }
  expect(lockfileProblems({ packages: { ...nested, 'node_modules/@esbuild/linux': hash } })).toEqual([])
  expect(
    lockfileProblems({ packages: { ...nested, 'node_modules/a/node_modules/@esbuild/linux': hash } }),
  ).toEqual([])
  expect(
    lockfileProblems({ packages: { ...nested, 'node_modules/b/node_modules/@esbuild/linux': hash } }),
  ).toHaveLength(1)
})

test('a registry address and a missing hash are problems', () => {
  const a = { version: '1.0.0', resolved: 'https://registry.example/a.tgz' }
  expect(lockfileProblems({ packages: { 'node_modules/a': a } })).toEqual([
    'node_modules/a is bound to https://registry.example/a.tgz',
    'node_modules/a has no integrity hash',
  ])
})
