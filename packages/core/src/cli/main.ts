#!/usr/bin/env node
import { once } from 'node:events'
import { run } from './run.ts'

const code = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  cwd: process.cwd(),
  colour: process.stdout.isTTY && !process.env['NO_COLOR'],
  stopRequested,
})
// An entry module may keep the process alive with something of its own. What was written must be out first.
process.stdout.write('', () => process.stderr.write('', () => process.exit(code)))

/** A second signal ends the process as if nobody listened. */
async function stopRequested(): Promise<void> {
  // Listening for signals keeps no process alive, and a worker without jobs has nothing else that does.
  const alive = setInterval(() => {}, 60_000)
  await Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')])
  clearInterval(alive)
}
