/** The command line, or what it points at, is wrong: exit code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
