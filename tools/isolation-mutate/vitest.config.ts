import { resolve } from 'node:path'
import { defineConfig, type Plugin } from 'vitest/config'
import { without, type Site } from './sites.ts'

const site = JSON.parse(process.env['ISOLATION_SITE'] ?? 'null') as Site | null
const source = ['@clientele/source']

/** Takes the site away while the file is loaded; nothing on disk changes. */
const mutation: Plugin = {
  name: 'isolation-mutate',
  enforce: 'pre',
  transform(code, id) {
    return site && id.split('?')[0] === resolve(site.file) ? { code: without(code, site), map: null } : null
  },
}

export default defineConfig({
  plugins: [mutation],
  resolve: { conditions: source },
  ssr: { resolve: { conditions: source, externalConditions: source } },
  test: {
    isolate: false,
    env: { CLIENTELE_ISOLATION: 'small' },
    // The cache knows the files on disk, and those never change here.
    fsModuleCache: false,
    // The suites that must notice: the query transform's own, and every isolation suite.
    include: ['packages/core/src/sql/*.test.ts', '{packages,examples,tools}/**/*isolation*.test.ts'],
    exclude: ['**/node_modules/**', '**/dist/**', 'tools/isolation-mutate/**'],
    globalSetup: ['packages/testing/src/vitest-global-setup.ts'],
    testTimeout: 30_000,
    hookTimeout: 30_000,
  },
})
