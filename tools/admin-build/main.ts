/**
 * Builds the shell of the admin and the panels of the plugins: those whose sources are newer than what was built of
 * them, or all with `--all`. `npm start`, `npm ci` and the browser tests call it.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, globSync, rmSync, statSync } from 'node:fs'

const SHARED = ['packages/admin-sdk/src/**/*.{ts,tsx,css}', 'tsup.admin.config.ts', 'package-lock.json']

const shell = {
  name: 'packages/admin',
  built: 'packages/admin/dist/app/shell.js',
  sources: ['packages/admin/app/**/*.{ts,tsx,css}', ...SHARED],
}
const panels = globSync('packages/*/src/admin/index.tsx').map((entry) => {
  const name = entry.replace('/src/admin/index.tsx', '')
  return {
    name,
    built: `${name}/dist/admin/manifest.json`,
    // Beside its own files a panel imports what it shares with the plugin: the states of an order.
    sources: [
      `${name}/src/admin/**/*`,
      `${name}/src/*/*.ts`,
      'packages/admin-sdk/src/build/*.ts',
      'tsup.admin.config.ts',
    ],
  }
})

const stale = [shell, ...panels].filter(
  ({ built, sources }) => process.argv.includes('--all') || isOlder(built, sources),
)
if (stale.length > 0) {
  const names = stale.map(({ name }) => name)
  const began = Date.now()
  console.log(`Building the admin: ${names.join(', ')}`)
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/tsup/dist/cli-default.js', '--config', 'tsup.admin.config.ts', '--silent'],
    {
      stdio: 'inherit',
      env: {
        ...process.env,
        CLIENTELE_PANELS: names.join(','),
        NODE_OPTIONS: '--conditions=@clientele/source',
      },
    },
  )
  process.exitCode = status ?? 1
  // Chunks carry a hash in their names: those of the build before would stay for ever.
  if (status === 0 && stale.includes(shell))
    for (const file of globSync('packages/admin/dist/app/*'))
      if (statSync(file).mtimeMs < began - 1000) rmSync(file)
}

function isOlder(built: string, sources: readonly string[]): boolean {
  if (!existsSync(built)) return true
  const { mtimeMs } = statSync(built)
  return globSync([...sources]).some((file) => statSync(file).mtimeMs > mtimeMs)
}
