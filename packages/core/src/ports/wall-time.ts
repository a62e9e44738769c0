/** What the machine's clock says, in milliseconds since 1970: for comparing it with the database's, and nothing else. */
export function wallTime(): number {
  return Date.now()
}
