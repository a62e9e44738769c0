/**
 * A place that keeps tenants apart. In the query transform each is a call `this.bind('name', …)` or
 * `this.stamp('name', …)`; elsewhere it is the line below a comment `// tenant-site: name`.
 */
export interface Site {
  readonly file: string
  readonly name: string
  /** Where in the file's text it starts. */
  readonly offset: number
  readonly kind: 'call' | 'line'
}

const CALL = /this\.(?:bind|stamp)\('([^']+)', /g
const MARKER = /^[ \t]*\/\/ tenant-site: (\S+)[ \t]*\n/gm

export function sitesOf(file: string, text: string): Site[] {
  const calls = Array.from(text.matchAll(CALL), ({ index, 1: name }): Site => ({
    file,
    name: name ?? '',
    offset: index,
    kind: 'call',
  }))
  const lines = Array.from(text.matchAll(MARKER), ({ 0: comment, index, 1: name }): Site => ({
    file,
    name: name ?? '',
    offset: index + comment.length,
    kind: 'line',
  }))
  return [...calls, ...lines]
}

/** The text without that one site: a call answers its second argument untouched, a line is gone. */
export function without(text: string, { offset, kind }: Site): string {
  const before = text.slice(0, offset)
  const after = text.slice(offset)
  if (kind === 'line') return `${before}//${after}`
  return before + after.replace(/this\.(?:bind|stamp)\(/, '((_site, untouched, ..._) => untouched)(')
}
