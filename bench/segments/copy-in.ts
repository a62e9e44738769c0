import type pg from 'pg'
import type { Row } from './data-set.ts'

/** What is used of pg's connection; its types leave these out. */
interface CopyConnection {
  query(text: string): void
  sendCopyFromChunk(chunk: Buffer): void
  endCopyFrom(): void
}

/** Writes rows with COPY, which is how PostgreSQL takes many fastest. */
export function copyIn(client: pg.Client, into: string, rows: readonly Row[]): Promise<void> {
  return new Promise((resolve, reject) => {
    let failed = false
    const copy = {
      submit: (connection: CopyConnection) => connection.query(`COPY ${into} FROM STDIN WITH (FREEZE)`),
      handleCopyInResponse(connection: CopyConnection) {
        connection.sendCopyFromChunk(Buffer.from(rows.map(line).join('')))
        connection.endCopyFrom()
      },
      handleError(error: Error) {
        failed = true
        reject(error)
      },
      handleCommandComplete() {},
      handleReadyForQuery: () => void (failed || resolve()),
    }
    client.query(copy as unknown as pg.Submittable)
  })
}

function line(row: Row): string {
  return `${row.map((value) => (value === null ? '\\N' : escaped(String(value as string | number)))).join('\t')}\n`
}

function escaped(text: string): string {
  return text.includes('\\') ? text.replaceAll('\\', '\\\\') : text
}
