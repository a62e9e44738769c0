import { eachStorage } from '@clientele/testing'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { inBrazil, segmentsShop } from '../segments.fixture.ts'

eachStorage((storage) => {
  test('the language is told as JSON Schema, which takes examples of every type', async () => {
    const { t } = await segmentsShop(storage)
    const { status, json } = await t.fetch('/api/v1/segments/language')
    expect(status).toBe(200)
    const validator = z.fromJSONSchema(json.schema)
    const examples = json.types.flatMap((type: { examples: object[] }) => type.examples.slice(0, 2))
    expect(examples.length).toBeGreaterThan(json.types.length)
    for (const example of examples)
      expect(validator.safeParse(example).success, JSON.stringify(example)).toBe(true)
    expect(validator.safeParse({ all: [inBrazil, { not: inBrazil }] }).success).toBe(true)
    expect(validator.safeParse({ ...inBrazil, operator: 'isnt' }).success).toBe(false)
  })

  test('the language tells editors which fields there are, and what each operator asks for', async () => {
    const { api } = await segmentsShop(storage)
    const { types, limits } = await api.segments.language()
    expect(limits).toEqual({ depth: 10, nodes: 200 })
    expect(types.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['attribute', 'event', 'metric', 'orders', 'segment']),
    )
    const fields = types.find(({ name }) => name === 'attribute')!.fields
    const country = fields.find(({ name }) => name === 'country')!
    expect(country).toMatchObject({ kind: 'text', inputs: { isSet: 'none' } })
    expect(country.operators).toContain('startsWith')
  })

  test('the language says whose each type is, and where editors find values to offer', async () => {
    const { api } = await segmentsShop(storage)
    const { types } = await api.segments.language()
    const typeOf = (name: string) => types.find((type) => type.name === name)!
    expect(['attribute', 'orders', 'segment', 'top'].map((name) => typeOf(name).plugin)).toEqual([
      'customers',
      'orders',
      'segments',
      null,
    ])
    const suggested = types.flatMap(({ fields }) => fields.flatMap(({ suggest }) => suggest ?? []))
    expect(new Set(suggested.map(({ from }) => from)).size).toBeGreaterThanOrEqual(4)
    const rules = typeOf('orders').fields.find(({ name }) => name === 'where')?.fields
    expect(rules?.map(({ name }) => name)).toContain('country')
  })

  test('what is suggested is there to be read', async () => {
    const { t, api } = await segmentsShop(storage)
    const { types } = await api.segments.language()
    for (const { fields } of types)
      for (const { suggest } of fields) {
        if (!suggest) continue
        const { status, json } = await t.fetch(suggest.from)
        expect([suggest.from, status, Array.isArray(json.items)]).toEqual([suggest.from, 200, true])
      }
  })
})
