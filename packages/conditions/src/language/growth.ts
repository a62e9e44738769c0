import type { Condition } from '../condition.ts'
import type { FactKey } from '../facts/fact-watchers.ts'
import type { Language } from './language.ts'
import { visit } from './walk.ts'

/** What becomes of a condition's answers as more rows come and none changes or goes. */
export interface Growth {
  /** The answer that whoever has it keeps, at every instant; null when either may turn. */
  readonly lasting: boolean | null
  /** The facts of which that is not true: when these grow, either answer may turn. */
  readonly wavering: ReadonlySet<FactKey>
}

export function growthOf(language: Language, condition: Condition): Growth {
  const { answers, wavering } = read(language, condition)
  const [lasting = null, ...others] = answers
  return { lasting: others.length > 0 ? null : lasting, wavering }
}

interface Reading {
  /** The lasting answers of the parts; none of parts that only other facts turn. */
  readonly answers: ReadonlySet<boolean>
  readonly wavering: ReadonlySet<FactKey>
}

function read(language: Language, condition: Condition): Reading {
  const every = (parts: readonly Condition[]): Reading => {
    const readings = parts.map((part) => read(language, part))
    return {
      answers: new Set(readings.flatMap(({ answers }) => [...answers])),
      wavering: new Set(readings.flatMap(({ wavering }) => [...wavering])),
    }
  }
  return visit<Reading>(condition, {
    all: every,
    any: every,
    atLeast: (_, parts) => every(parts),
    not(part) {
      const { answers, wavering } = read(language, part)
      return { answers: new Set([...answers].map((answer) => !answer)), wavering }
    },
    leaf(leaf) {
      const type = language.typeOf(leaf)
      const answer = type.lasting?.(leaf)
      return answer === undefined
        ? { answers: new Set(), wavering: new Set(type.dependsOn(leaf)) }
        : { answers: new Set([answer]), wavering: new Set() }
    },
  })
}
