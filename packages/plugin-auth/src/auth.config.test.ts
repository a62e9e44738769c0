import { createTestClientele, mailbox } from '@clientele/testing'
import { afterEach, expect, test, vi } from 'vitest'
import { recordingLogger } from './accounts.fixture.ts'
import { auth } from './auth.plugin.ts'

afterEach(() => void vi.unstubAllEnvs())

const mail = { transport: mailbox() }

test('production does not start without an address that people come to', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const start = createTestClientele({ plugins: [auth()], mail })
  await expect(start).rejects.toMatchObject({
    code: 'config.invalid',
    message: expect.stringContaining('set mail.baseUrl, or auth({ baseUrl })'),
  })
})

test('production starts with an address of the plugin or of the host, and says what http means', async () => {
  vi.stubEnv('NODE_ENV', 'production')
  const baseUrl = 'https://shop.example'
  const { logger, warnings } = recordingLogger()
  await createTestClientele({ plugins: [auth({ baseUrl })], mail, logger })
  await createTestClientele({ plugins: [auth()], mail: { ...mail, baseUrl }, logger })
  expect(warnings).not.toContainEqual(expect.stringContaining('over http'))
  await createTestClientele({ plugins: [auth({ baseUrl: 'http://shop.example' })], mail, logger })
  expect(warnings).toContainEqual(expect.stringContaining('over http'))
})

test('development starts without one', async () => {
  await expect(createTestClientele({ plugins: [auth()], mail })).resolves.toBeDefined()
})
