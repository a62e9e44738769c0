import { existsSync, readdirSync } from 'node:fs'
import { defineConfig, type Options } from 'tsup'
import { panelPreset, SHARED } from '@clientele/admin-sdk/build'

const SHELL = 'packages/admin/dist/app'

/** What every file of the shell has in common. */
const browser = {
  outDir: SHELL,
  format: ['esm'],
  target: ['es2022', 'chrome123', 'firefox120', 'safari17.5'],
  platform: 'browser',
  splitting: true,
  treeshake: true,
  minify: true,
  dts: false,
  silent: true,
  esbuildOptions: (options: Parameters<NonNullable<Options['esbuildOptions']>>[0]) => {
    options.jsx = 'automatic'
    options.jsxImportSource = 'preact'
    options.jsxDev = false
    options.conditions = ['@clientele/source']
    options.chunkNames = '[name]-[hash]'
  },
} satisfies Options

const [preact, hooks, jsx, signals, sdk] = SHARED as readonly [string, string, string, string, string]

const builds: Readonly<Record<string, readonly Options[]>> = {
  'packages/admin': [
    {
      ...browser,
      name: 'runtime',
      entry: { runtime: 'packages/admin-sdk/src/runtime.ts' },
      noExternal: [/./],
    },
    {
      ...browser,
      name: 'sdk',
      entry: { sdk: 'packages/admin-sdk/src/index.ts' },
      external: [preact, hooks, jsx, signals],
      noExternal: [/^(?!preact(\/|$)|@preact\/signals$)/],
    },
    {
      ...browser,
      name: 'shell',
      entry: { shell: 'packages/admin/app/main.tsx' },
      external: [preact, hooks, jsx, signals, sdk],
    },
    {
      // Whoever is not signed in needs a small part of the SDK: it is part of the file, and nothing else is loaded.
      ...browser,
      name: 'accounts',
      entry: { accounts: 'packages/admin/app/accounts/main.tsx' },
      external: [preact, hooks, jsx, signals],
      noExternal: [/^(?!preact(\/|$)|@preact\/signals$)/],
      esbuildOptions: (options) => {
        browser.esbuildOptions(options)
        options.alias = { [sdk]: './packages/admin-sdk/src/accounts.ts' }
      },
    },
    {
      ...browser,
      name: 'styles',
      entry: { shell: 'packages/admin/app/shell.css', accounts: 'packages/admin/app/accounts.css' },
    },
  ],
  ...Object.fromEntries(
    readdirSync('packages')
      .filter((name) => existsSync(`packages/${name}/src/admin/index.tsx`))
      .map((name) => [
        `packages/${name}`,
        [
          {
            ...panelPreset({
              entry: `packages/${name}/src/admin/index.tsx`,
              outDir: `packages/${name}/dist/admin`,
            }),
            tsconfig: 'tsconfig.browser.json',
            silent: true,
          },
        ],
      ]),
  ),
}

/** The packages whose panels `tools/admin-build` found older than their sources; without it all of them. */
const wanted = process.env['CLIENTELE_PANELS']?.split(',') ?? Object.keys(builds)

export default defineConfig(
  wanted
    .flatMap((name) => builds[name] ?? [])
    .map((build) => ({ tsconfig: 'tsconfig.browser.json', ...build })),
)
