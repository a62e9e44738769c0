import type { ComponentChildren } from 'preact'

/** One thing that is known. */
export interface Fact {
  readonly label: string
  /** What is null, undefined or empty is left out. */
  readonly value: ComponentChildren
}

/** Facts, each with its name. */
export function KeyValue({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts">
      {facts.map(({ label, value }) =>
        value === null || value === undefined || value === '' || value === false ? null : (
          <div key={label}>
            <dt>{label}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
    </dl>
  )
}
