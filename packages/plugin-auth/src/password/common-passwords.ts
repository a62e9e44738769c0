import { createHash } from 'node:crypto'
import { COMMON_PASSWORDS } from './common-passwords.data.ts'

const WIDTH = 4
let known: ReadonlySet<number> | undefined

/** Whether it is among the passwords that are tried first, also with capitals or around digits and marks at its end. */
export function isCommonPassword(password: string): boolean {
  known ??= read()
  const plain = password.normalize('NFKC').toLowerCase()
  return [plain, plain.replace(/[\d\W_]+$/u, '')].some((text) => known!.has(prefixOf(text)))
}

function prefixOf(text: string): number {
  return createHash('sha256').update(text).digest().readUInt32BE(0)
}

function read(): ReadonlySet<number> {
  const bytes = Buffer.from(COMMON_PASSWORDS, 'base64')
  return new Set(Array.from({ length: bytes.length / WIDTH }, (_, n) => bytes.readUInt32BE(n * WIDTH)))
}
