import { defineConfig } from 'vitest/config'

// Workspace packages resolve to their sources: no build is needed before a test.
const source = ['@clientele/source']

export default defineConfig({
  resolve: { conditions: source },
  ssr: { resolve: { conditions: source, externalConditions: source } },
  test: {
    isolate: false,
    // Much of what tests wait for is in other processes: databases, browsers, servers.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['packages/*/{src,app}/**/*.test.ts', 'examples/**/*.test.ts', 'tools/**/*.test.ts'],
          globalSetup: ['packages/testing/src/vitest-global-setup.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
        },
      },
    ],
  },
})
