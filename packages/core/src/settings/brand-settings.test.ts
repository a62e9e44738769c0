import { createTestClientele } from '@clientele/testing'
import { expect, test } from 'vitest'
import { BrandSettings } from './brand-settings.ts'

const PNG = `data:image/png;base64,${Buffer.from('89504e470d0a1a0a0000', 'hex').toString('base64')}`

test('a brand is changed field by field, and what does not fit is named and loses nothing', async () => {
  const t = await createTestClientele({ plugins: [] })
  const patch = (body: object) => t.fetch('/api/v1/settings/brand', { method: 'PATCH', body })
  expect((await patch({ logoUrl: PNG })).status).toBe(200)
  expect((await patch({ color: '#AABBCC' })).json.value).toEqual({
    logoUrl: PNG,
    color: '#aabbcc',
    darkColor: null,
  })
  for (const [field, value] of [
    ['color', 'red'],
    ['color', '#12345'],
    ['darkColor', 'rgb(0,0,0)'],
    ['darkColor', '#123456;background:url(https://evil.example)'],
    ['logoUrl', 'javascript:alert(1)'],
    ['logoUrl', 'http://shop.example/logo.png'],
    ['logoUrl', 'https://ana:secret@shop.example/logo.png'],
    ['logoUrl', `data:image/svg+xml;base64,${Buffer.from('<svg onload="x()"/>').toString('base64')}`],
    ['logoUrl', `data:image/png;base64,${Buffer.from('<svg onload="x()"/>').toString('base64')}`],
    ['logoUrl', PNG.replace('png', 'jpeg')],
    ['logoUrl', `${PNG.slice(0, -4)}${'A'.repeat(90_000)}`],
  ]) {
    const { status, json } = await patch({ [field!]: value })
    expect([status, json.params.issues[0].path], value!.slice(0, 60)).toEqual([400, field])
  }
  expect(await t.as().ctx.settings(BrandSettings)).toMatchObject({ logoUrl: PNG, color: '#aabbcc' })
})

test('the address of a logo is kept as browsers read it, whichever way it was typed', async () => {
  const t = await createTestClientele({ plugins: [] })
  const patch = (logoUrl: string) => t.fetch('/api/v1/settings/brand', { method: 'PATCH', body: { logoUrl } })
  for (const [typed, kept] of [
    ['https://shop.example/logo.png?v=1', 'https://shop.example/logo.png?v=1'],
    [' HTTPS://Shop.example/logo.png', 'https://shop.example/logo.png'],
    ['https://shop\n.example/"logo".png', 'https://shop.example/%22logo%22.png'],
    ['\u0001https:shop.example', 'https://shop.example/'],
    ['https:/\\shop.example/a', 'https://shop.example/a'],
  ]) {
    expect((await patch(typed!)).json.value.logoUrl).toBe(kept)
    expect(await t.as().ctx.settings(BrandSettings)).toMatchObject({ logoUrl: kept })
  }
  // Written out it would be longer than an address may be.
  expect((await patch(`https://shop.example/${'"'.repeat(900)}`)).status).toBe(400)
})
