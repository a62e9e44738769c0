import { NODATA, NOTFOUND, Resolver, SERVFAIL } from 'node:dns/promises'
import { defineService } from '@clientele/core'

/** Looks up the TXT records by which a domain is proved. A host with a resolver of its own overrides it. */
export interface DnsPort {
  /**
   * Each record in one piece; none for a name that is not there, or whose own servers do not answer for it.
   * @throws anything when the DNS cannot be asked, which says nothing of the name
   */
  txt(name: string): Promise<readonly string[]>
}

/** The service: `overrides: [provide(Dns, { factory: () => dnsPort({ servers: ['127.0.0.1:5353'] }) })]`. */
export const Dns = defineService<DnsPort>('auth.dns')

const ABSENT: ReadonlySet<string> = new Set([NOTFOUND, NODATA, SERVFAIL])

/** @param options.servers @default those of the machine */
export function dnsPort(options: { readonly servers?: readonly string[] } = {}): DnsPort {
  const resolver = new Resolver({ timeout: 5000, tries: 2 })
  if (options.servers) resolver.setServers(options.servers)
  return {
    async txt(name) {
      try {
        return (await resolver.resolveTxt(name)).map((pieces) => pieces.join(''))
      } catch (error) {
        if (ABSENT.has((error as NodeJS.ErrnoException).code ?? '')) return []
        throw error
      }
    },
  }
}
