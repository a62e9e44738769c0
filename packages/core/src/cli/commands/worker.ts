import type { Command } from '../command.ts'

export const worker: Command = {
  name: 'worker',
  summary: 'Run jobs until SIGINT or SIGTERM, without serving HTTP',
  options: {},
  async run({ io, cdp }) {
    const stopRequested = io.stopRequested?.()
    await cdp.start({ workers: true })
    io.stderr.write('Worker started; Ctrl+C stops it\n')
    await stopRequested
    io.stderr.write('Stopping: running jobs get ten seconds\n')
    await cdp.stop()
    io.stderr.write('Stopped\n')
  },
}
