import type { AnyEntity } from '@clientele/core'
import { BuiltCondition } from '../builder/built-condition.ts'
import { conditionErrors, type ConditionIssue } from '../condition.errors.ts'
import { MAX_DEPTH, MAX_NODES, type Condition, type Leaf } from '../condition.ts'
import type { ConditionType } from '../condition-type.ts'
import { rankingConditions } from '../ranking/ranking-conditions.ts'
import { unknownName } from './nearest.ts'

/** The condition types that are installed, over one kind of subject. */
export interface Language {
  /** The entity whose rows are asked about: customers. */
  readonly subject: AnyEntity
  readonly types: ReadonlyMap<string, ConditionType<any>>
  /**
   * Checks a condition from outside, or one that was built in code, and answers it with defaults filled in.
   * @throws `condition.invalid` naming every wrong place, with the nearest known names
   */
  parse(json: unknown): Condition
  typeOf(leaf: Leaf): ConditionType<any>
}

/** Builds the language from what plugins contributed, and adds the types that rank customers by it. */
export function createLanguage(subject: AnyEntity, types: readonly ConditionType<any>[]): Language {
  const all = [...types, ...rankingConditions(subject, types)]
  const byName = new Map(all.map((type) => [type.name, type]))
  return {
    subject,
    types: byName,
    parse(json) {
      const reader = new Reader(byName)
      const condition = reader.read(json, [], 1)
      if (reader.issues.length > 0 || !condition)
        throw conditionErrors['condition.invalid']({ issues: reader.issues })
      return condition
    },
    typeOf(leaf) {
      const type = byName.get(leaf.type)
      if (!type)
        throw conditionErrors['condition.invalid']({
          issues: [unknownType(leaf.type, [...byName.keys()], [])],
        })
      return type
    },
  }
}

const GROUPS = ['all', 'any', 'not', 'atLeast'] as const
type Path = readonly (string | number)[]

/** Reads untrusted JSON and collects every issue instead of stopping at the first. */
class Reader {
  readonly issues: ConditionIssue[] = []
  readonly #types: ReadonlyMap<string, ConditionType<any>>
  #nodes = 0

  constructor(types: ReadonlyMap<string, ConditionType<any>>) {
    this.#types = types
  }

  read(given: unknown, path: Path, depth: number): Condition | null {
    const json = given instanceof BuiltCondition ? given.toJSON() : given
    if (++this.#nodes > MAX_NODES) return this.#issueOnce(`at most ${MAX_NODES} groups and rules`)
    if (depth > MAX_DEPTH) return this.#issue(path, `nested deeper than ${MAX_DEPTH} groups`)
    if (typeof json !== 'object' || json === null || Array.isArray(json)) {
      return this.#issue(
        path,
        'expected an object: a group ({ all | any | not | atLeast }) or a rule ({ type })',
      )
    }
    const node = json as Record<string, unknown>
    if (typeof node['type'] === 'string') return this.#leaf(node as Leaf, path)
    const group = GROUPS.find((name) => Object.hasOwn(node, name))
    if (!group) return this.#issue(path, 'has neither "type" nor one of "all", "any", "not", "atLeast"')
    const allowed = group === 'atLeast' ? ['atLeast', 'of'] : [group]
    const extra = Object.keys(node).filter((key) => !allowed.includes(key))
    if (extra.length > 0) return this.#issue(path, `a "${group}" group has no "${extra.join('", "')}"`)
    if (group === 'not') {
      const inner = this.read(node['not'], [...path, 'not'], depth + 1)
      return inner && { not: inner }
    }
    return group === 'atLeast' ? this.#atLeast(node, path, depth) : this.#list(node, group, path, depth)
  }

  #list(node: Record<string, unknown>, group: 'all' | 'any', path: Path, depth: number): Condition | null {
    const parts = this.#parts(node[group], [...path, group], depth)
    if (!parts) return null
    return group === 'all' ? { all: parts } : { any: parts }
  }

  #atLeast({ atLeast, of }: Record<string, unknown>, path: Path, depth: number): Condition | null {
    const parts = this.#parts(of, [...path, 'of'], depth)
    if (!parts) return null
    if (typeof atLeast !== 'number' || !Number.isInteger(atLeast) || atLeast < 1 || atLeast > parts.length) {
      return this.#issue([...path, 'atLeast'], `must be a whole number from 1 to ${parts.length}`)
    }
    return { atLeast, of: parts }
  }

  #parts(json: unknown, path: Path, depth: number): Condition[] | null {
    if (!Array.isArray(json)) return this.#issue(path, 'expected a list of conditions')
    const parts = json.map((part, index) => this.read(part, [...path, index], depth + 1))
    return parts.every((part) => part !== null) ? parts : null
  }

  #leaf(leaf: Leaf, path: Path): Leaf | null {
    const type = this.#types.get(leaf.type)
    if (!type) {
      this.issues.push(unknownType(leaf.type, [...this.#types.keys()], path))
      return null
    }
    const parsed = type.schema.safeParse(leaf)
    if (parsed.success) return parsed.data as Leaf
    for (const issue of parsed.error.issues) {
      this.#issue(
        [...path, ...issue.path.map((key) => (typeof key === 'symbol' ? String(key) : key))],
        issue.message,
      )
    }
    return null
  }

  #issue(path: Path, message: string): null {
    this.issues.push({ path: path.join('.'), message })
    return null
  }

  #issueOnce(message: string): null {
    if (!this.issues.some((issue) => issue.message === message)) this.#issue([], message)
    return null
  }
}

function unknownType(type: string, known: readonly string[], path: Path): ConditionIssue {
  return { path: [...path, 'type'].join('.'), message: unknownName('type', type, known) }
}
