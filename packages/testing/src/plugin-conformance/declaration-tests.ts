import { isGlobal, type AnyEntity } from '@clientele/core'
import { expect, test } from 'vitest'
import * as z from 'zod'
import type { Composition } from '../plugin-conformance.ts'

/** What shows without running anything. */
export function declarationTests({ plugin }: Composition): void {
  const entities: readonly AnyEntity[] = plugin.definition.entities ?? []

  test('every option says what it is for', () => {
    expect(undescribed(plugin.definition.options)).toEqual([])
  })

  test('no row schema shows a secret', () => {
    const shown = entities.flatMap(({ name, columns, row }) => {
      const properties = Object.keys(jsonSchema(row).properties ?? {})
      return properties
        .filter((property) => columns[property]?.kind === 'secret')
        .map((one) => `${name}.${one}`)
    })
    expect(shown).toEqual([])
  })

  for (const { name, options } of entities.filter((entity) => isGlobal(entity.options))) {
    const { global: reason } = options.tenancy as { readonly global: string }
    // The name prints the reason, for whoever reads the report.
    test(`"${name}" has no tenant, for a reason: ${reason}`, () => {
      expect(reason.trim().split(/\s+/).length).toBeGreaterThanOrEqual(3)
    })
  }
}

interface Described {
  readonly description?: string
  readonly properties?: Readonly<Record<string, Described>>
}

function undescribed(options: z.ZodType | undefined): readonly string[] {
  const fields = options ? Object.entries(jsonSchema(options).properties ?? {}) : []
  return fields.filter(([, { description }]) => !description?.trim()).map(([name]) => name)
}

function jsonSchema(schema: z.ZodType): Described {
  return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Described
}
