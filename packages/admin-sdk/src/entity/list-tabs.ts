/** A part of a list that people often want: its filters under a name. */
export interface ListTab {
  readonly id: string
  readonly label: string
  /** Parameters of the list: `{ state: 'paid' }`. */
  readonly query: Readonly<Record<string, string>>
  readonly count?: number | undefined
}

/** The tab whose parameters the list has; of several the one that says most. */
export function currentTab(tabs: readonly ListTab[], asked: URLSearchParams): string {
  const fitting = tabs.filter(({ query }) =>
    Object.entries(query).every(([name, value]) => asked.get(name) === value),
  )
  const best = fitting.toSorted((a, b) => Object.keys(b.query).length - Object.keys(a.query).length)[0]
  return best?.id ?? tabs[0]!.id
}

/** What changes of the address when another tab is chosen. */
export function tabChange(tabs: readonly ListTab[], id: string): Readonly<Record<string, string | null>> {
  const names = tabs.flatMap(({ query }) => Object.keys(query))
  const none = Object.fromEntries(names.map((name) => [name, null]))
  return { ...none, view: null, ...tabs.find((tab) => tab.id === id)?.query }
}
