/** Rows as aligned columns under a heading; nothing when there are no rows. */
export function formatTable(heading: readonly string[], rows: readonly (readonly string[])[]): string {
  if (rows.length === 0) return ''
  const all = [heading.map((word) => word.toUpperCase()), ...rows]
  const widths = heading.map((_, place) => Math.max(...all.map((row) => visibleLength(row[place] ?? ''))))
  return all.map((row) => `${alignRow(row, widths)}\n`).join('')
}

/** As wide as it looks: colour codes take no room. */
function visibleLength(text: string): number {
  // oxlint-disable-next-line no-control-regex -- escape sequences begin with a control character
  return text.replace(/\u001B\[\d+m/g, '').length
}

function alignRow(row: readonly string[], widths: readonly number[]): string {
  return row
    .map((cell, place) => cell + ' '.repeat((widths[place] ?? 0) - visibleLength(cell)))
    .join('  ')
    .trimEnd()
}
