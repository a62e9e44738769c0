import { fork, execFileSync, type ChildProcess } from 'node:child_process'
import { globSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** A script of the benchmark that runs on the built packages, as a consumer's code does. */
export interface BuiltProcess {
  readonly child: ChildProcess
  readonly port: number
  /** What the script itself measured: from composing to started. */
  readonly startMs: number
  /** From spawning to the first 200 on `/ready`. */
  readonly readyMs: number
  stop(): Promise<void>
}

/** Runs plain Node, without our conditions and without TypeScript, until `/ready` answers. */
export async function startBuilt(script: URL, args: readonly string[]): Promise<BuiltProcess> {
  const file = fileURLToPath(script)
  const env = { ...process.env }
  // The example's way in is for development, and refuses anything else.
  for (const name of ['NODE_OPTIONS', 'NODE_ENV']) delete env[name]
  const began = performance.now()
  const child = fork(file, args, {
    execArgv: [],
    env,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  const { port, startMs } = await answer<{ port: number; startMs: number }>(child)
  const { status } = await fetch(`http://127.0.0.1:${port}/ready`)
  const readyMs = performance.now() - began
  if (status !== 200) throw new Error(`${basename(file)} answered ${status} on /ready`)
  return {
    child,
    port,
    startMs,
    readyMs,
    async stop() {
      const gone = new Promise((resolve) => child.once('exit', resolve))
      child.disconnect()
      await gone
    },
  }
}

/** The next message of a process. */
export function answer<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`The process ended with ${code}`))
    child.once('exit', onExit)
    child.once('message', (message) => {
      child.off('exit', onExit)
      resolve(message as T)
    })
  })
}

/** Builds the packages' JavaScript where sources are newer than it. */
export function buildPackages({
  fresh,
  log,
}: {
  readonly fresh: boolean
  readonly log: (line: string) => void
}): void {
  const stale = globSync('packages/*/src/index.ts').some((entry) => {
    const folder = join(entry, '../..')
    return newest(`${folder}/src/**/*.ts`) > newest(`${folder}/dist/index.js`)
  })
  if (!stale && !fresh) return
  log('building the packages')
  execFileSync(process.execPath, ['node_modules/tsup/dist/cli-default.js', '--silent'], {
    stdio: ['ignore', 'ignore', 'inherit'],
  })
}

function newest(pattern: string): number {
  const files = globSync(pattern).filter((file) => !/\.(?:test|test-d|fixture)\.ts$/.test(file))
  return Math.max(0, ...files.map((file) => statSync(file).mtimeMs))
}
