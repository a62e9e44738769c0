import { Resolver } from 'node:dns/promises'
import { defineService } from '@clientele/core'

/** Looks up the TXT records by which a domain is proved. A host with a resolver of its own overrides it. */
export interface DnsPort {
  /** Each record in one piece; none for a name that is not there. */
  txt(name: string): Promise<readonly string[]>
}

/** The service: `overrides: [provide(Dns, { factory: () => dnsPort({ servers: ['127.0.0.1:5353'] }) })]`. */
export const Dns = defineService<DnsPort>('auth.dns')

/** @param options.servers @default those of the machine */
export function dnsPort(options: { readonly servers?: readonly string[] } = {}): DnsPort {
  const resolver = new Resolver({ timeout: 5000, tries: 2 })
  if (options.servers) resolver.setServers(options.servers)
  return {
    async txt(name) {
      try {
        return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''))
      } catch {
        // Not there, and not to be reached, come to the same: nothing is proved.
        return []
      }
    },
  }
}
