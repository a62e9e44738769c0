import { spawn, type ChildProcessByStdio } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { onTestFinished } from 'vitest'

/** A fixture that runs as a process of its own. */
export type Program = ChildProcessByStdio<null, Readable, null>

/** Starts a fixture with its options as JSON; what still runs when the test ends is killed. */
export function startProgram(file: string, options: unknown): Program {
  const args = ['--conditions=@clientele/source', file, JSON.stringify(options)]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => kill(child))
  return child
}

/** Kills it as `kill -9` does; resolves when it is gone. */
export async function kill(child: Program): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const exited = once(child, 'exit')
  child.kill('SIGKILL')
  await exited
}
