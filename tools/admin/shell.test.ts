import { afterAll, beforeAll, expect, test } from 'vitest'
import { complaintsOf, openAdmin, type AdminWorld } from './admin.fixture.ts'

let world: AdminWorld | null
beforeAll(async () => {
  world = await openAdmin()
}, 120_000)
afterAll(() => world?.close())

test('whoever signs in sees the customers, without a complaint of the browser', async ({ skip }) => {
  if (!world) {
    skip('no Chromium starts here')
    return
  }
  const context = await world.signedIn()
  const page = await context.newPage()
  const complaints = complaintsOf(page)
  await page.goto(`${world.url}/admin/customers`)
  await page.getByRole('table').waitFor()
  expect(await page.getByRole('row').count()).toBeGreaterThan(20)
  expect(complaints).toEqual([])
  await context.close()
})
