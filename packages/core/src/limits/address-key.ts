import ipaddr from 'ipaddr.js'

/**
 * What an address is counted as, however it is written: IPv4 as it is, also inside IPv6; IPv6 by its first 64 bits,
 * because the rest is the caller's to choose.
 */
export function addressKey(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip.toLowerCase()
  const address = ipaddr.process(ip)
  if (address.kind() === 'ipv4') return address.toString()
  const [a, b, c, d] = (address as ipaddr.IPv6).parts.map((part) => part.toString(16))
  return `${a}:${b}:${c}:${d}::/64`
}
