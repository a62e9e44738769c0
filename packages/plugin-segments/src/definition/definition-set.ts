import type { Environment, FactChanges, FactKey, Language } from '@clientele/conditions'
import type { AnyEntity } from '@clientele/core'
import { entitiesRead, segmentFact, type Definition } from './definition.ts'
import { FactIndex } from './fact-index.ts'

type Unordered = Omit<Definition, 'level'>

/** All segments of a tenant whose members follow the facts, as of one epoch. */
export class DefinitionSet {
  /** Null before there was any. */
  readonly epoch: string | null
  /** Zone and currency of the tenant; its instant is that of loading. */
  readonly environment: Environment
  readonly all: readonly Definition[]
  /** Ids of segments that cannot be evaluated: a plugin that brought one of their condition types is gone. */
  readonly lost: readonly string[]
  /** The highest level of any definition. */
  readonly height: number
  /** Those that customers of whom nothing is known are in. */
  readonly blank: readonly Definition[]
  /** The extensions that any definition reads. */
  readonly entities: readonly AnyEntity[]
  readonly #byId: ReadonlyMap<string, Definition>
  readonly #index = new FactIndex<Definition>()
  /** Those whose answers may turn either way when a fact grows. */
  readonly #wavering = new FactIndex<Definition>()
  /** Those of which even a customer of whom nothing is known has to be asked. */
  readonly #always: readonly Definition[]

  constructor(
    epoch: string | null,
    language: Language,
    environment: Environment,
    { defined, lost }: { readonly defined: readonly Unordered[]; readonly lost: readonly string[] },
  ) {
    this.epoch = epoch
    this.environment = environment
    this.all = levelled(defined)
    this.lost = lost
    this.#byId = new Map(this.all.map((one) => [one.segment.id, one]))
    this.height = Math.max(0, ...this.all.map(({ level }) => level))
    this.blank = this.all.filter(({ blank }) => blank === true)
    this.#always = this.all.filter(({ blank }) => blank === null)
    this.entities = entitiesRead(language, this.all)
    for (const one of this.all) {
      for (const dependency of one.dependencies) this.#index.add(dependency, one)
      for (const dependency of one.growth.wavering) this.#wavering.add(dependency, one)
    }
  }

  find(segmentId: string): Definition | undefined {
    return this.#byId.get(segmentId)
  }

  /** What may answer otherwise since these facts changed. */
  dependents(facts: Iterable<FactKey>): Set<Definition> {
    return this.#index.dependents(facts)
  }

  /** Of those dependents the ones of which whoever has the lasting answer keeps it: their facts only grew. */
  lasting(asked: ReadonlySet<Definition>, facts: FactChanges): Set<Definition> {
    const keys = [...facts.keys()]
    const changed = this.dependents(keys.filter((fact) => facts.get(fact) === 'changed'))
    const wavering = this.#wavering.dependents(keys)
    const isLasting = (one: Definition): boolean =>
      one.growth.lasting !== null && isKept(one) && !changed.has(one) && !wavering.has(one)
    return new Set([...asked].filter(isLasting))
  }

  /** What a new customer has to be asked, of whom these facts are known and nothing else. */
  ofNew(facts: Iterable<FactKey>): Set<Definition> {
    const asked = this.dependents(facts)
    for (const one of this.#always) asked.add(one)
    return asked
  }
}

/** Whether its members are those of its condition, and of nothing else. */
function isKept({ segment }: Definition): boolean {
  return segment.kind === 'dynamic' && segment.status === 'live' && !segment.hasPins
}

function levelled(found: readonly Unordered[]): readonly Definition[] {
  const byFact = new Map(found.map((one) => [segmentFact(one.segment.id), one]))
  const levels = new Map<Unordered, number>()
  const levelOf = (one: Unordered): number => {
    const known = levels.get(one)
    if (known !== undefined) return known
    // Saving refuses cycles; this ends one all the same.
    levels.set(one, 0)
    const below = [...one.dependencies].flatMap((fact) => byFact.get(fact) ?? [])
    const level = Math.max(0, ...below.map((other) => levelOf(other) + 1))
    levels.set(one, level)
    return level
  }
  return found.map((one) => ({ ...one, level: levelOf(one) })).toSorted((a, b) => a.level - b.level)
}
