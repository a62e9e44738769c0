import { createSocket, type RemoteInfo } from 'node:dgram'
import { onTestFinished } from 'vitest'

/** A name server on this machine that knows TXT records. */
export interface DnsServer {
  /** `127.0.0.1:12345` */
  readonly address: string
  readonly records: Map<string, readonly string[]>
  /** Answers nobody any more. */
  refuse: boolean
}

export async function dnsServer(): Promise<DnsServer> {
  const records = new Map<string, readonly string[]>()
  const server = { address: '', records, refuse: false }
  const socket = createSocket('udp4')
  socket.on('message', (query: Buffer, from: RemoteInfo) => {
    socket.send(answerTo(query, server), from.port, from.address)
  })
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve))
  onTestFinished(() => void socket.close())
  const { port } = socket.address()
  return Object.assign(server, { address: `127.0.0.1:${port}` })
}

/** RFC 1035: the header with new flags and counts, the question as it came, and a record for each text. */
function answerTo(query: Buffer, { records, refuse }: Pick<DnsServer, 'records' | 'refuse'>): Buffer {
  const { name, end } = nameAt(query, HEADER)
  const question = query.subarray(HEADER, end + 4)
  const texts = refuse ? [] : (records.get(name) ?? [])
  const header = Buffer.alloc(HEADER)
  query.copy(header, 0, 0, 2)
  // An answer with recursion; code 3 says that there is no such name, 5 that nothing is told.
  const code = texts.length > 0 ? 0 : 3
  header.writeUInt16BE(0x8180 | (refuse ? 5 : code), 2)
  header.writeUInt16BE(1, 4)
  header.writeUInt16BE(texts.length, 6)
  return Buffer.concat([header, question, ...texts.map(txtRecord)])
}

const HEADER = 12

function nameAt(message: Buffer, start: number): { readonly name: string; readonly end: number } {
  const labels: string[] = []
  let at = start
  for (let length = message[at]!; length > 0; length = message[at]!) {
    labels.push(message.toString('ascii', at + 1, at + 1 + length))
    at += 1 + length
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 }
}

function txtRecord(text: string): Buffer {
  const head = Buffer.from([0xc0, HEADER, 0, 16, 0, 1, 0, 0, 0, 60, 0, text.length + 1, text.length])
  return Buffer.concat([head, Buffer.from(text, 'ascii')])
}
