import { expect, test } from 'vitest'
import { addressKey } from './address-key.ts'

test('the addresses of one IPv6 network are one, however they are written', () => {
  const written = [
    '2001:db8:0:1::1',
    '2001:DB8:0:1::2',
    '2001:0db8:0000:0001:ffff:ffff:ffff:ffff',
    '2001:db8::1:0:0:192.0.2.1',
  ]
  expect(new Set(written.map(addressKey))).toEqual(new Set(['2001:db8:0:1::/64']))
  expect(addressKey('2001:db8:0:2::1')).toBe('2001:db8:0:2::/64')
})

test('an IPv4 address is one address, also inside IPv6', () => {
  const written = ['192.0.2.1', '::ffff:192.0.2.1', '::FFFF:c000:201']
  expect(new Set(written.map(addressKey))).toEqual(new Set(['192.0.2.1']))
  expect(addressKey('192.0.2.2')).toBe('192.0.2.2')
})

test('an address with a zone is counted by its network, and what is none by its text', () => {
  expect(addressKey('fe80::1%eth0')).toBe('fe80:0:0:0::/64')
  expect(addressKey('Not an address')).toBe('not an address')
  expect(addressKey('')).toBe('')
})
