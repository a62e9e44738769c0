/** What stands in an answer: `total`, `revenue.amount`, `items.0.count`. */
export function valueIn(answer: unknown, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, key) => (value as Readonly<Record<string, unknown>> | null | undefined)?.[key],
      answer,
    )
}
