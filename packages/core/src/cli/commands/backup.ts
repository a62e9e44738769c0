import { relative, resolve } from 'node:path'
import type { Backup } from '../../observe/operate.ts'
import { size } from '../../observe/size.ts'
import { painter } from '../colour.ts'
import type { Command } from '../command.ts'
import type { Io } from '../io.ts'

export const backup: Command = {
  name: 'backup',
  summary: 'Copy the database and its files while the application runs, and check the copy',
  args: [{ value: 'FILE', description: 'Where the copy goes; files go to FILE.files' }],
  options: { force: { type: 'boolean', description: 'Replace a backup of that name' } },
  async run({ values, args, io, cdp }) {
    const file = resolve(io.cwd, args[0]!)
    const made = await cdp.operate.backup(file, {
      overwrite: values['force'] === true,
      onProgress: progress(io),
    })
    io.stdout.write(report(made, io))
  },
}

/** A line for every tenth of a part. */
function progress(io: Io): (step: { part: string; done: number; total: number }) => void {
  let last = ''
  return ({ part, done, total }) => {
    const line = `${part} ${Math.floor((done / Math.max(total, 1)) * 10) * 10} %\n`
    if (line !== last) io.stderr.write(line)
    last = line
  }
}

function report({ file, bytes, verified, files, keyFile }: Backup, io: Io): string {
  const paint = painter(io)
  const name = (path: string): string => relative(io.cwd, path) || path
  const lines = [
    `${paint('green', 'Backed up')} ${size(bytes)} to ${name(file)}; checked: ${verified.join(', ')}`,
    ...(files
      ? [
          `${paint('green', 'Copied')} ${files.count === 1 ? '1 file' : `${files.count} files`} to ${name(files.folder)}`,
        ]
      : []),
    paint('yellow', `The keys are NOT in it. Without them, secrets and links of this copy are lost.`),
    keyFile
      ? `Keep ${keyFile} as safe as the backup, and in another place.`
      : 'They come from CLIENTELE_KEYS or the composition: keep them as safe as the backup, and in another place.',
  ]
  return `${lines.join('\n')}\n`
}
