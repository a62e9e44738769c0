/** Lower-cases A to Z and nothing else, as `SqlHelpers.foldAscii` does in every database. */
export function foldAscii(text: string): string {
  return text.replaceAll(/[A-Z]/g, (letter) => letter.toLowerCase())
}

/** Text as it stands for itself in a pattern of `SqlHelpers.matches`. */
export function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`)
}

/** A pattern of `SqlHelpers.matches` in which `*` is any run of characters and `?` is one. */
export function wildcardPattern(text: string): string {
  return escapeLike(text).replaceAll('*', '%').replaceAll('?', '_')
}
