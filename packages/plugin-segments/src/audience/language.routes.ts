import {
  ConditionTypes,
  MAX_DEPTH,
  MAX_NODES,
  languageSchema,
  type ConditionType,
  type Language,
} from '@clientele/conditions'
import { Composition, route, type Ctx } from '@clientele/core'
import * as z from 'zod'
import { languageOf } from './language.ts'

const field = z.object({
  name: z.string().describe('`*` takes any'),
  kind: z
    .string()
    .describe('What its values are: text, number, money, boolean, timestamp, enum, array, json'),
  operators: z.array(z.string()).describe('In the order in which an editor offers them'),
  inputs: z
    .record(z.string(), z.string())
    .optional()
    .describe('What the value of an operator is; one value of the kind where nothing stands'),
  values: z.array(z.string()).optional().describe('The closed set of an enum'),
  title: z.string().optional().describe('The key of its name in the catalogues'),
  suggest: z
    .object({ from: z.string(), value: z.string(), label: z.string().optional() })
    .optional()
    .describe('A GET of the API whose items are values to offer, and where in an item they stand'),
  fields: z
    .array(z.looseObject({ name: z.string(), kind: z.string(), operators: z.array(z.string()) }))
    .optional()
    .describe('Of rules about properties: what each can ask. Of other lists: the parameters of an element'),
})

const described = z.object({
  schema: z.looseObject({}).describe('A condition, as JSON Schema 2020-12'),
  types: z.array(
    z.object({
      name: z.string().describe('The `type` of its rules'),
      plugin: z.string().nullable().describe('Whose type it is; null where the language itself brings it'),
      scope: z.enum(['customer', 'population']).describe('population: customers are ranked among each other'),
      fields: z.array(field).describe('What can be asked about'),
      examples: z.array(z.looseObject({ type: z.string() })),
    }),
  ),
  limits: z.object({
    depth: z.number().int().describe('Levels of a condition'),
    nodes: z.number().int().describe('Groups and rules of a condition, together'),
  }),
})

/** What rule builders and other programs know of conditions. */
export const languageRoutes = {
  language: route.get({
    path: '/api/v1/segments/language',
    permission: 'segments:read',
    summary: 'What conditions can ask, with the plugins that are installed',
    description:
      'As JSON Schema, for programs that check and complete, and type by type with its fields and operators, for editors.',
    response: described,
    handler: (_, ctx) => descriptionOf(languageOf(ctx), () => ownersOf(ctx)) as never,
  }),
}

const descriptions = new WeakMap<Language, object>()

/** It stays as long as the plugins do. */
function descriptionOf(language: Language, owners: () => ReadonlyMap<string, string>): object {
  let known = descriptions.get(language)
  if (!known) descriptions.set(language, (known = describe(language, owners())))
  return known
}

/** Which plugin brings which type. */
function ownersOf(ctx: Ctx): ReadonlyMap<string, string> {
  return new Map(
    ctx
      .get(Composition)
      .registry(ctx)
      .plugins.flatMap(({ id, plugin, options }) => {
        const { contributes = [] } = plugin.definition
        const all = typeof contributes === 'function' ? contributes(options) : contributes
        return all
          .filter(({ pointId }) => pointId === ConditionTypes.id)
          .map(({ value }) => [(value as ConditionType).name, id] as const)
      }),
  )
}

function describe(language: Language, owners: ReadonlyMap<string, string>): object {
  return {
    schema: languageSchema(language),
    types: [...language.types.values()].map(({ name, scope, editor, examples = [] }) => ({
      ...{ name, scope, examples, plugin: owners.get(name) ?? null },
      fields: editor.fields,
    })),
    limits: { depth: MAX_DEPTH, nodes: MAX_NODES },
  }
}
