/** Where whoever signs in wanted to go: a place of the panel, never another site. */
export function next(): string {
  const wanted = new URLSearchParams(location.search).get('next') ?? '/'
  return /^\/(?![/\\])/.test(wanted) ? wanted : '/'
}
