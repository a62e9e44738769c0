const BYTES = 16

/** Ids as text of a third of their length. */
export function packIds(ids: readonly string[]): string {
  return Buffer.from(ids.join('').replaceAll('-', ''), 'hex').toString('base64')
}

export function unpackIds(packed: string): string[] {
  const hex = Buffer.from(packed, 'base64').toString('hex')
  return Array.from({ length: hex.length / (BYTES * 2) }, (_, at) => {
    const id = hex.slice(at * BYTES * 2, (at + 1) * BYTES * 2)
    return `${id.slice(0, 8)}-${id.slice(8, 12)}-${id.slice(12, 16)}-${id.slice(16, 20)}-${id.slice(20)}`
  })
}
