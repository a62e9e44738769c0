import ipaddr from 'ipaddr.js'

/** An address as people know it: a socket for both protocols gives IPv4 as `::ffff:192.0.2.1`. */
export function plainAddress(ip: string): string {
  return /^::ffff:/i.test(ip) && ipaddr.isValid(ip) ? ipaddr.process(ip).toString() : ip
}
