import type { Io } from './io.ts'

const CODES = { green: 32, yellow: 33, red: 31 } as const

/** Colours text where the output can show it. */
export function painter({ colour = false }: Io): (name: keyof typeof CODES, text: string) => string {
  return (name, text) => (colour ? `\u001B[${CODES[name]}m${text}\u001B[39m` : text)
}
