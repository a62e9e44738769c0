import { en } from './en.ts'
import { pt } from './pt.ts'

/** What the SDK's own controls say; the shell adds it once. */
export const sdkWords: Readonly<Record<string, Readonly<Record<string, string>>>> = { en, pt }
