import * as z from 'zod'

const field = z.object({
  name: z.string(),
  kind: z.string(),
  required: z.boolean(),
  sortable: z.boolean(),
  filterable: z.boolean(),
  nullable: z.boolean().optional(),
  values: z.array(z.string()).readonly().optional(),
  help: z.string().optional(),
  to: z.string().optional(),
  readOnly: z.boolean().optional(),
  maxLength: z.number().optional(),
  format: z.string().optional(),
  items: z.enum(['string', 'number']).optional(),
})

const entity = z.object({
  name: z.string(),
  path: z.string(),
  label: z.string(),
  help: z.string().optional(),
  searchable: z.boolean(),
  writable: z.boolean(),
  undo: z.boolean(),
  routes: z.array(z.string()).readonly(),
  fields: z.array(field).readonly(),
})

const panel = z.object({
  plugin: z.string(),
  id: z.string(),
  path: z.string(),
  title: z.string(),
  icon: z.string().optional(),
  section: z.string().nullable(),
  order: z.number(),
  shows: z.union([z.object({ entity: z.string() }), z.object({ export: z.string() })]),
})

const slot = z.object({
  plugin: z.string(),
  slot: z.string(),
  id: z.string(),
  order: z.number(),
  export: z.string(),
})

const column = z.object({
  plugin: z.string(),
  entity: z.string(),
  name: z.string(),
  width: z.number().optional(),
  format: z.enum(['badge', 'ago']).optional(),
  order: z.number(),
})

const detail = column.omit({ width: true }).extend({
  place: z.enum(['figure', 'fact']),
  isEmptyAtZero: z.boolean(),
  isSum: z.boolean(),
})

const stat = z.object({
  plugin: z.string(),
  id: z.string(),
  title: z.string(),
  source: z.string(),
  value: z.string(),
  format: z.enum(['number', 'money', 'percent']),
  to: z.string().optional(),
  order: z.number(),
})

const command = z.object({
  plugin: z.string(),
  id: z.string(),
  title: z.string(),
  to: z.string(),
  icon: z.string().optional(),
})

const step = z.object({
  plugin: z.string(),
  id: z.string(),
  title: z.string(),
  text: z.string().optional(),
  source: z.string(),
  value: z.string(),
  to: z.string(),
  order: z.number(),
})

const module = z.object({
  version: z.string(),
  entry: z.string().nullable(),
  css: z.string().optional(),
  sdk: z.string(),
  works: z.boolean(),
})

/** What the shell needs to know about whoever is signed in, and about what the plugins show them. */
export const manifestSchema = z.object({
  session: z.object({
    actor: z.object({
      kind: z.string(),
      id: z.string(),
    }),
    tenant: z.object({
      id: z.string(),
      name: z.string().nullable(),
      currency: z.string(),
      timeZone: z.string(),
      locale: z.string(),
    }),
    permissions: z.array(z.string()),
  }),
  /** Those that are installed. */
  plugins: z.array(z.object({ id: z.string() })),
  panels: z.array(panel),
  slots: z.array(slot),
  columns: z.array(column),
  details: z.array(detail),
  stats: z.array(stat),
  commands: z.array(command),
  steps: z.array(step),
  entities: z.record(z.string(), entity),
  /** By plugin: the code of its panels. */
  modules: z.record(z.string(), module),
  words: z.record(z.string(), z.record(z.string(), z.string())),
})

export type Manifest = z.infer<typeof manifestSchema>
