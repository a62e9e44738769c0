import { defineService, issuesOf, type Issue } from '@clientele/core'
import type * as z from 'zod'
import type { AnyCustomerEvent } from './customer-event.ts'
import type { AnyTraits } from './traits.ts'

type JsonObject = Readonly<Record<string, unknown>>

/** What the host has declared of traits and events, in the form in which it is asked. */
export interface DeclarationsService {
  /** What is wrong with the values of declared traits, by name; null takes a trait away and is always right. */
  traitIssues(traits: JsonObject): readonly Issue[]
  /** What is wrong with the properties of a declared event; nothing for one that is not declared. */
  eventIssues(name: string, properties: JsonObject): readonly Issue[]
  /** What a declared trait means; null when nobody says it. */
  describeTrait(name: string): string | null
  describeEvent(name: string): string | null
}

export const Declarations = defineService<DeclarationsService>('customers.declarations')

export function createDeclarations({
  traits,
  events,
}: {
  readonly traits: AnyTraits | undefined
  readonly events: readonly AnyCustomerEvent[]
}): DeclarationsService {
  const byName = new Map(events.map((event) => [event.name, event]))
  const schemas = new Map<string, z.ZodType>(Object.entries(traits?.schemas ?? {}))
  return {
    traitIssues(given) {
      const issues: Issue[] = []
      for (const [name, schema] of schemas) {
        if (!Object.hasOwn(given, name) || given[name] === null) continue
        const parsed = schema.safeParse(given[name])
        if (!parsed.success) issues.push(...issuesOf(parsed.error).map((issue) => below(name, issue)))
      }
      return issues
    },
    eventIssues(name, properties) {
      const parsed = byName.get(name)?.schema.safeParse(properties)
      return parsed && !parsed.success ? issuesOf(parsed.error) : []
    },
    describeTrait: (name) => schemas.get(name)?.description?.slice(0, MOST) ?? null,
    describeEvent: (name) => byName.get(name)?.schema.description?.slice(0, MOST) ?? null,
  }
}

/** Characters of a description. */
const MOST = 2000

function below(name: string, { path, message }: Issue): Issue {
  return { path: path === '' ? name : `${name}.${path}`, message }
}
