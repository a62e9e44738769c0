import { addressKey } from '@clientele/core'

/**
 * The network of an address: the first half of IPv4, the first 32 bits of IPv6. That is about a provider and a region:
 * enough to tell that somebody is elsewhere, too little to tell where.
 */
export function networkOf(ip: string): string {
  const key = addressKey(ip)
  const mark = key.includes(':') ? ':' : '.'
  return key.split(mark).slice(0, 2).join(mark)
}
