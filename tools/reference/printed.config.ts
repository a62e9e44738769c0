import { defineConfig } from 'vitest/config'

const source = ['@clientele/source']

/** Runs the tests that guides print, from the folder they were copied into. */
export default defineConfig({
  resolve: { conditions: source },
  ssr: { resolve: { conditions: source, externalConditions: source } },
  test: {
    include: ['tools/reference/.printed/**/*.test.ts'],
    isolate: false,
    globalSetup: ['packages/testing/src/vitest-global-setup.ts'],
  },
})
