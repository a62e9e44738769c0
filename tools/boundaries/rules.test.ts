import { expect, test } from 'vitest'
import { checkBoundaries, type Manifest } from './rules.ts'
import { readSource } from './source-file.ts'

const core = manifest('core', { dependencies: ['tsyringe'], devDependencies: ['@clientele/adapter-sqlite'] })
const sqlite = manifest('adapter-sqlite', { peerDependencies: ['@clientele/core'] })
const testing = manifest('testing', { dependencies: ['@clientele/adapter-sqlite'] })
const customers = manifest('plugin-customers', {
  peerDependencies: ['@clientele/core', '@clientele/plugin-orders'],
  devDependencies: ['@clientele/testing'],
})
const orders = manifest('plugin-orders', {
  peerDependencies: ['@clientele/core', '@clientele/plugin-customers'],
})

test('a plugin may import the kernel and a lower plugin through their entries', () => {
  expect(
    breaches(
      'packages/plugin-orders/src/a.ts',
      `import '@clientele/core'; import '@clientele/plugin-customers'`,
    ),
  ).toEqual([])
})

test('an import must point down', () => {
  expect(breaches('packages/plugin-customers/src/a.ts', `import '@clientele/plugin-orders'`)).toEqual([
    expect.stringContaining('@clientele/plugin-customers does not know @clientele/plugin-orders'),
  ])
  expect(breaches('packages/core/src/a.ts', `export type { X } from '@clientele/plugin-orders'`)).toEqual([
    expect.stringContaining('@clientele/core does not know'),
  ])
})

test('an import as an expression or as a type counts as well', () => {
  const path = 'packages/plugin-customers/src/a.ts'
  expect(breaches(path, `export const load = () => import('@clientele/plugin-orders')`)).toHaveLength(1)
  expect(breaches(path, `export type T = import('@clientele/plugin-orders').T`)).toHaveLength(1)
})

test('a panel imports the SDK and nothing of Node', () => {
  const path = 'packages/plugin-orders/src/admin/index.tsx'
  expect(breaches(path, `import { a } from '../order/a.ts'`)).toEqual([])
  expect(breaches(path, `import type { X } from '@clientele/core'; import 'node:fs'`)).toEqual([
    '@clientele/core does not run in a browser: of ours a panel imports @clientele/admin-sdk alone',
    'node:fs does not run in a browser: of ours a panel imports @clientele/admin-sdk alone',
  ])
})

test('a package is used through its exports and never by a path', () => {
  expect(breaches('packages/plugin-orders/src/a.ts', `import '@clientele/core/src/kernel.ts'`)).toEqual([
    '@clientele/core does not export "./src/kernel.ts"',
  ])
  expect(breaches('packages/plugin-orders/src/a.ts', `import '../../core/src/kernel.ts'`)).toEqual([
    '../../core/src/kernel.ts leaves packages/plugin-orders: import another package by its name',
  ])
  expect(breaches('bench/main.ts', `import '../packages/core/src/kernel.ts'`)).toHaveLength(1)
  expect(breaches('bench/main.ts', `import '@clientele/core'`)).toEqual([])
})

test('what a package imports stands in its package.json, for its tests also among the devDependencies', () => {
  expect(breaches('packages/core/src/a.ts', `import 'left-pad'`)).toEqual([
    'left-pad is missing from the dependencies or peerDependencies of packages/core/package.json',
  ])
  expect(breaches('packages/core/src/a.ts', `import 'node:fs'`)).toEqual([])
  expect(breaches('packages/core/src/a.test.ts', `import '@clientele/adapter-sqlite'`)).toEqual([])
  expect(breaches('packages/core/src/a.test.ts', `import '@clientele/testing'`)).toEqual([
    '@clientele/testing is missing from the devDependencies of packages/core/package.json',
  ])
})

test('adapters and the test kit are for hosts and tests', () => {
  const message =
    '@clientele/testing is for hosts and tests, @clientele/plugin-customers must work without it'
  expect(breaches('packages/plugin-customers/src/a.ts', `import '@clientele/testing'`)).toEqual([message])
  expect(breaches('packages/plugin-customers/src/a.test.ts', `import '@clientele/testing'`)).toEqual([])
  expect(breaches('packages/testing/src/a.ts', `import '@clientele/adapter-sqlite'`)).toEqual([])
})

test('nobody inside a package uses its front door', () => {
  expect(breaches('packages/core/src/http/a.ts', `import '../index.ts'`)).toHaveLength(1)
  expect(breaches('packages/core/src/http/a.ts', `import '@clientele/core'`)).toHaveLength(1)
  expect(breaches('packages/core/src/http/a.ts', `import './index.ts'`)).toEqual([])
})

test('what is for tests stays with the tests', () => {
  expect(breaches('packages/core/src/http/a.ts', `import './a.fixture.ts'`)).toEqual([
    './a.fixture.ts is for tests only, and not part of the package',
  ])
  expect(breaches('packages/core/src/http/a.test.ts', `import './a.fixture.ts'`)).toEqual([])
  expect(breaches('packages/core/src/http/a.fixture.ts', `import '@clientele/adapter-sqlite'`)).toEqual([])
})

test('one file imports tsyringe', () => {
  expect(breaches('packages/core/src/di/container.ts', `import 'tsyringe'`)).toEqual([])
  expect(breaches('packages/core/src/http/a.ts', `import 'tsyringe'`)).toEqual([
    expect.stringContaining('only packages/core/src/di/container.ts'),
  ])
})

test('time and randomness come from the ports', () => {
  const code = `export const x = [Date.now(), new Date(), Date(), Math.random()]`
  expect(breaches('packages/core/src/job/a.ts', code)).toHaveLength(4)
  expect(breaches('packages/core/src/job/a.ts', `export const x = [new Date(0), performance.now()]`)).toEqual(
    [],
  )
  for (const path of [
    'packages/core/src/ports/clock.ts',
    'packages/core/src/job/a.test.ts',
    'examples/shop/src/a.ts',
  ])
    expect(breaches(path, code)).toEqual([])
})

test('an adapter speaks of tables, not of customers, except in comments', () => {
  expect(breaches('packages/adapter-sqlite/src/a.ts', `export const q = 'select 1 from customers'`)).toEqual([
    'an adapter knows no domain word: select 1 from customers',
  ])
  expect(breaches('packages/adapter-sqlite/src/a.ts', `export const lockCustomers = 1`)).toHaveLength(1)
  expect(breaches('packages/adapter-sqlite/src/a.ts', `// as customers expect\nexport const q = 1`)).toEqual(
    [],
  )
  expect(breaches('packages/core/src/a.ts', `export const lockCustomers = 1`)).toEqual([])
})

test('`any` needs a reason beside it, unless it is a type argument', () => {
  expect(breaches('packages/core/src/a.ts', `export function f(x: any) {}`)).toHaveLength(1)
  expect(breaches('packages/core/src/a.ts', `export const y = f() as any`)).toHaveLength(1)
  expect(
    breaches('packages/core/src/a.ts', `// \`any\`: rows of any table\nexport function f(x: any) {}`),
  ).toEqual([])
  expect(breaches('packages/core/src/a.ts', `export type F = (...rest: any[]) => Map<any, string>`)).toEqual(
    [],
  )
})

test('a breach names its line', () => {
  const file = readSource('packages/core/src/a.ts', `import 'node:fs'\n\nimport 'left-pad'`)
  expect(checkBoundaries([core], [file])).toMatchObject([{ path: 'packages/core/src/a.ts', line: 3 }])
})

function breaches(path: string, code: string): string[] {
  const manifests = [core, sqlite, testing, customers, orders, manifest('shop', { folder: 'examples/shop' })]
  return checkBoundaries(manifests, [readSource(path, code)]).map((violation) => violation.message)
}

function manifest(name: string, fields: Partial<Manifest>): Manifest {
  return {
    name: `@clientele/${name}`,
    folder: `packages/${name}`,
    dependencies: [],
    peerDependencies: [],
    devDependencies: [],
    exports: ['.', './package.json'],
    ...fields,
  }
}
