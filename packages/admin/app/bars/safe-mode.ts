/** Starts the panel again with the code of all plugins. */
export function leaveSafeMode(): void {
  sessionStorage.removeItem('safe')
  location.assign(withoutSafe())
}

function withoutSafe(): string {
  const query = new URLSearchParams(location.search)
  query.delete('safe')
  return location.pathname + (query.size > 0 ? `?${query}` : '')
}
