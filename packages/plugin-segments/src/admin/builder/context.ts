import { createContext } from 'preact'
import { useContext } from 'preact/hooks'
import type { Language } from '../language/language.ts'
import type { Names } from '../language/use-names.ts'
import type { Group } from '../model/tree.ts'

/** Something to know about a rule or a group. */
export interface Issue {
  readonly kind: 'error' | 'warning'
  readonly text: string
  /** Another value that may have been meant. */
  readonly nearest?: { readonly wrong: string; readonly names: readonly string[] }
}

/** Where the focus goes once the tree is drawn anew. */
export interface Target {
  readonly id: string
  readonly part: 'first' | 'menu' | 'add'
}

/** What is to be known, by the id of its rule or group. */
export type Issues = ReadonlyMap<string, readonly Issue[]>

export const NO_ISSUES: readonly Issue[] = []

/** What every part of the builder needs; it stays while the tree changes. */
export interface Building {
  readonly language: Language
  readonly names: Names
  readonly isReadOnly: boolean
  readonly rootNow: () => Group
  /** @param field what is typed in, for edits that are part of one */
  readonly edit: (by: (root: Group) => Group, focus?: Target, field?: string) => void
  /** Opens the choice of rules for a group. */
  readonly add: (group: string) => void
  /** The controls of a rule are there. */
  readonly controlsCame: () => void
}

export const BuildingContext = createContext<Building | null>(null)

export function useBuilding(): Building {
  return useContext(BuildingContext)!
}
