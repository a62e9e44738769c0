import { MAX_DEPTH, MAX_NODES, languageSchema, type Language } from '@clientele/conditions'
import { route } from '@clientele/core'
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
})

const described = z.object({
  schema: z.looseObject({}).describe('A condition, as JSON Schema 2020-12'),
  types: z.array(
    z.object({
      name: z.string().describe('The `type` of its rules'),
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
    handler: (_, ctx) => descriptionOf(languageOf(ctx)) as never,
  }),
}

const descriptions = new WeakMap<Language, object>()

/** It stays as long as the plugins do. */
function descriptionOf(language: Language): object {
  let known = descriptions.get(language)
  if (!known) descriptions.set(language, (known = describe(language)))
  return known
}

function describe(language: Language): object {
  return {
    schema: languageSchema(language),
    types: [...language.types.values()].map(({ name, scope, editor, examples = [] }) => ({
      ...{ name, scope, examples },
      fields: editor.fields,
    })),
    limits: { depth: MAX_DEPTH, nodes: MAX_NODES },
  }
}
