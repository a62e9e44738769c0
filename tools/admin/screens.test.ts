import { afterAll, beforeAll, expect, test } from 'vitest'
import { openAdmin, type AdminWorld } from './admin.fixture.ts'
import { inspect, type Screen } from './inspection.fixture.ts'

let world: AdminWorld | null
beforeAll(async () => {
  world = await openAdmin()
}, 120_000)
afterAll(() => world?.close())

const screens: readonly Screen[] = [
  {
    name: 'sign-in',
    path: '/sign-in',
    isSignedIn: false,
    ready: (page) => page.getByRole('button', { name: 'Sign in' }).waitFor(),
  },
  { name: 'home', path: '', ready: (page) => page.getByRole('heading', { level: 1 }).waitFor() },
  { name: 'customers', path: '/customers', ready: (page) => page.getByRole('table').waitFor() },
]

test.for(screens)('$name is usable by everybody', { timeout: 60_000 }, async (screen, { skip }) => {
  if (!world) {
    skip('no Chromium starts here')
    return
  }
  expect(await inspect(world, screen)).toEqual([])
})
