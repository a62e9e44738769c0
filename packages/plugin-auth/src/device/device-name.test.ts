import { expect, test } from 'vitest'
import { deviceInWords } from './device-name.ts'
import { networkOf } from './network.ts'

const mozilla = (system: string, rest: string): string => `Mozilla/5.0 (${system}) ${rest}`
const CHROME = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36'

test.each([
  ['Chrome on Windows', mozilla('Windows NT 10.0; Win64; x64', CHROME)],
  ['Edge on Windows', mozilla('Windows NT 10.0; Win64; x64', `${CHROME} Edg/143.0.0.0`)],
  ['Opera on Linux', mozilla('X11; Linux x86_64', `${CHROME} OPR/126.0.0.0`)],
  ['Chrome on Android', mozilla('Linux; Android 15; Pixel 9', CHROME.replace(' Safari', ' Mobile Safari'))],
  ['Samsung Internet on Android', mozilla('Linux; Android 15', `SamsungBrowser/28.0 ${CHROME}`)],
  ['Firefox on macOS', mozilla('Macintosh; Intel Mac OS X 10.15; rv:146.0', 'Gecko/20100101 Firefox/146.0')],
  [
    'Safari on iPhone',
    mozilla('iPhone; CPU iPhone OS 19_0 like Mac OS X', 'Version/19.0 Mobile/15E148 Safari/604.1'),
  ],
  ['Chrome on iPad', mozilla('iPad; CPU OS 19_0 like Mac OS X', 'CriOS/143.0 Mobile/15E148 Safari/604.1')],
  ['Chrome on ChromeOS', mozilla('X11; CrOS x86_64 16000.0.0', CHROME)],
  ['curl', 'curl/8.14.1'],
  ['Node.js', 'node'],
  ['An unknown program', ''],
  ['An unknown program', 'evil.example {link} <b>'],
  ['An unknown program on Windows', 'My own thing (Windows)'],
])('%s', (words, userAgent) => {
  expect(deviceInWords(userAgent, 'en')).toBe(words)
})

test('a network is half of an IPv4 address, and 32 bits of IPv6', () => {
  expect(['203.0.113.7', '::ffff:203.0.9.9', '2001:db8:1::1', '2001:db8:ffff::', ''].map(networkOf)).toEqual([
    ...['203.0', '203.0', '2001:db8', '2001:db8', ''],
  ])
})
