import { defineService, isSameSecret, Keys, type Ctx } from '@clientele/core'

/**
 * What this plugin derives from the key ring. Whoever signs in does so in no tenant, so neither are these: they are
 * derived in the context in which the plugin starts, which is the same on every node.
 */
export interface AuthKeys {
  /** Called once, when the instance starts. */
  load(ctx: Ctx): void
  /** 43 characters that only this installation can make. */
  mac(purpose: string, text: string): string
  /** It under every key of the ring, to find what an older key made. */
  macs(purpose: string, text: string): readonly string[]
  /** Whether it made them, under any key of the ring; in constant time. */
  isMac(purpose: string, text: string, mac: string): boolean
  /** 32 bytes under each key of the ring, the first one's first. */
  derive(purpose: string, text: string): readonly Buffer[]
}

export const AuthKeys = defineService<AuthKeys>('auth.keys')

export function createAuthKeys(): AuthKeys {
  let loaded: Ctx | undefined
  const hashes = (purpose: string, text: string): readonly [string, ...string[]] => {
    if (!loaded) throw new Error('The keys of accounts are there once the instance has started')
    return loaded.get(Keys).hashes(loaded, `auth.${purpose}`, text)
  }
  return {
    load(ctx) {
      loaded = ctx
    },
    mac: (purpose, text) => hashes(purpose, text)[0],
    macs: hashes,
    isMac: (purpose, text, mac) => hashes(purpose, text).some((made) => isSameSecret(made, mac)),
    derive: (purpose, text) => hashes(purpose, text).map((made) => Buffer.from(made, 'base64url')),
  }
}
