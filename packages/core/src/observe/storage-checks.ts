import type { StorageDetails } from '../storage/storage.ts'
import { fail, ok, warn, type Check } from './check.ts'
import { size } from './size.ts'

const LEAST_DISK = 1024 ** 3
const LARGE_LOG = 1024 ** 3

/** What the details of a storage mean; details that are not there are not judged. */
export function storageChecks(details: StorageDetails): Check[] {
  const checks = [replaced, durability, timeouts, replica, connections, log, disk].map((judge) =>
    judge(details),
  )
  return checks.filter((check) => check !== null)
}

type Judge = (details: StorageDetails) => Check | null

const replaced: Judge = (details) =>
  details['file.replaced'] === true
    ? fail(
        'database file',
        'Another file has taken the place of the open one, or it was moved away: what is written now is lost with the next start',
        'Stop every process that has it open, put the right file there without an old -wal, and start again',
      )
    : null

const durability: Judge = (details) => {
  const { engine, version } = details
  const weak = Object.entries(details)
    .filter(([name, value]) => name.startsWith('synchronous.') && value !== null && !isDurable(value))
    .map(([name, value]) => `${name} is ${value}`)
  for (const name of ['fsync', 'full.page.writes'])
    if (details[name] === 'off') weak.push(`${name.replaceAll('.', '_')} is off`)
  const wal = details['journal.mode']
  if (wal !== undefined && wal !== 'wal') weak.push(`journal_mode is ${wal}`)
  if (weak.length === 0)
    return ok('durability', `${engine} ${version} keeps what it has acknowledged when the power fails`)
  return warn(
    'durability',
    `${engine} ${version} may lose what it has acknowledged when the power fails: ${weak.join(', ')}`,
    engine === 'SQLite'
      ? 'Leave PRAGMA synchronous and journal_mode of a shared database as Clientele sets them'
      : 'Set fsync, synchronous_commit and full_page_writes to on in postgresql.conf',
  )
}

function isDurable(value: unknown): boolean {
  return ['FULL', 'EXTRA', 'on', 'local', 'remote_write', 'remote_apply'].includes(String(value))
}

const timeouts: Judge = (details) => {
  const lock = details['lock.timeout.ms']
  const idle = details['idle.in.transaction.timeout.ms']
  if (lock === undefined || idle === undefined) return null
  const missing = [
    ...(lock === 0 ? ['lock_timeout'] : []),
    ...(idle === 0 ? ['idle_in_transaction_session_timeout'] : []),
  ]
  if (missing.length === 0)
    return ok('timeouts', `Locks are waited for ${lock} ms, idle transactions end after ${idle} ms`)
  return warn(
    'timeouts',
    `Connections wait without limit: ${missing.join(' and ')} ${missing.length === 1 ? 'is' : 'are'} 0`,
    "Set them on the host's pool, or leave lockTimeout and idleInTransactionTimeout of postgres() as they are",
  )
}

const replica: Judge = ({ replica: isReplica }) =>
  isReplica === true
    ? fail('replica', 'The database is a replica, which cannot be written to', 'Connect to the primary')
    : null

const connections: Judge = (details) => {
  const waiting = details['pool.waiting']
  const [open, max] = [details['server.connections'], details['server.connections.max']]
  if (typeof open !== 'number' || typeof max !== 'number') return null
  if (open > max * 0.9)
    return warn(
      'connections',
      `${open} of the server's ${max} connections are taken`,
      'Lower "max" of postgres() in each process, or raise max_connections',
    )
  if (typeof waiting === 'number' && waiting > 0)
    return warn(
      'connections',
      `${waiting} pieces of work wait for a connection of the pool`,
      'Raise "max" of postgres(), or look for long transactions',
    )
  return ok('connections', `${open} of the server's ${max} connections are taken`)
}

const log: Judge = (details) => {
  const bytes = details['wal.bytes']
  if (typeof bytes !== 'number') return null
  if (bytes <= LARGE_LOG) return ok('wal', `The write-ahead log is ${size(bytes)}`)
  return warn(
    'wal',
    `The write-ahead log is ${size(bytes)}: somebody has been reading for long, and it cannot be folded back`,
    'Look for a process that holds the database open in a transaction',
  )
}

const disk: Judge = (details) => {
  const free = details['disk.free.bytes']
  if (typeof free !== 'number') return null
  const message = `${size(free)} of disk are free`
  const needed = Math.max(LEAST_DISK, (details['size.bytes'] ?? 0) / 10)
  return free >= needed ? ok('disk', message) : warn('disk', message, 'Free some, or move the database')
}
