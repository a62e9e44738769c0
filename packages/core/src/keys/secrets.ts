import type { Ctx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import { runtimeOf } from '../kernel/runtime.ts'

/** Texts that nobody can guess: write keys, codes, tokens. */
export interface Secrets {
  /** `bytes` random bytes as base64url: 24 give 32 characters. */
  token(ctx: Ctx, bytes: number): string
}

export const Secrets = defineService<Secrets>('core.secrets')

export function createSecrets(): Secrets {
  return { token: (ctx, bytes) => Buffer.from(runtimeOf(ctx).random.bytes(bytes)).toString('base64url') }
}
