import { observeErrors, type BackupOptions, type BackupReport } from '@clientele/core'
import { spawn } from 'node:child_process'
import { mkdir, rename, rm, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { postgresErrors } from './postgres.errors.ts'
import type { ResolvedOptions } from './postgres.options.ts'

/**
 * Runs `pg_dump -Fc`, which reads the database as it was at one instant, and lets `pg_restore --list` read the result.
 * The file takes its name last.
 *
 * @throws `backup.failed`, `postgres.no_tool` with the command to run
 */
export async function backUp(
  options: ResolvedOptions,
  file: string,
  { signal, onProgress }: BackupOptions,
): Promise<BackupReport> {
  const target = resolve(file)
  const partial = `${target}.partial`
  try {
    await mkdir(dirname(target), { recursive: true })
    await run(options, 'pg_dump', [...dumpArguments(options), `--file=${partial}`], signal)
    const { size } = await stat(partial)
    onProgress?.(size, size)
    await run(options, 'pg_restore', ['--list', partial], signal)
    await rename(partial, target)
    return { bytes: size, verified: ['table of contents'] }
  } catch (cause) {
    await rm(partial, { force: true })
    if (isMissing(cause)) {
      const command = ['pg_dump', ...dumpArguments(options), `--file=${target}`].map(quoted).join(' ')
      throw postgresErrors['postgres.no_tool']({ tool: cause.path, command }, { cause })
    }
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw observeErrors['backup.failed']({ file: target, reason }, { cause })
  }
}

/** The password is no part of them: everybody on the machine sees the arguments of a process. */
function dumpArguments({ url, schema }: ResolvedOptions): string[] {
  return [
    '--format=custom',
    '--no-password',
    ...(schema === undefined ? [] : [`--schema=${schema}`]),
    ...(url === undefined ? [] : [`--dbname=${withoutPassword(url)}`]),
  ]
}

function withoutPassword(text: string): string {
  const url = new URL(text)
  url.password = ''
  url.searchParams.delete('password')
  return url.href
}

function passwordOf(text: string | undefined): Readonly<Record<string, string>> {
  if (text === undefined) return {}
  const url = new URL(text)
  const password = decodeURIComponent(url.password) || url.searchParams.get('password')
  return password ? { PGPASSWORD: password } : {}
}

function run(
  { url }: ResolvedOptions,
  tool: string,
  args: readonly string[],
  signal: AbortSignal | undefined,
): Promise<void> {
  return new Promise((done, fail) => {
    const child = spawn(tool, args, {
      env: { ...process.env, ...passwordOf(url) },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(signal ? { signal } : {}),
    })
    let said = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (said = (said + text).slice(-2000)))
    child.once('error', fail)
    child.once('close', (code) => {
      if (code === 0) done()
      else fail(new Error(`${tool} ended with ${code}: ${said.trim().replaceAll(/\s*\n\s*/g, ' ')}`))
    })
  })
}

function isMissing(error: unknown): error is Error & { readonly path: string } {
  return (
    error instanceof Error &&
    'code' in error &&
    error.code === 'ENOENT' &&
    'path' in error &&
    'syscall' in error &&
    String(error.syscall).startsWith('spawn')
  )
}

function quoted(word: string): string {
  return /^[\w./:=@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
