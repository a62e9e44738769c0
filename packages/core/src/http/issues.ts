import type * as z from 'zod'
import { wordsOf } from './issue-words.ts'

/** One thing that is wrong with a value, by the path of its field. */
export interface Issue {
  readonly path: string
  readonly message: string
}

const MAX_ISSUES = 20

/** What zod found, flattened to field paths; values are never repeated. At most 20. */
export function issuesOf(error: Pick<z.core.$ZodError, 'issues'>): Issue[] {
  return error.issues.flatMap(flatten).slice(0, MAX_ISSUES)
}

function flatten(issue: z.core.$ZodIssue): Issue[] {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      path: pathText([...issue.path, key.slice(0, 100)]),
      message: 'is not a known field',
    }))
  }
  return [{ path: pathText(issue.path), message: wordsOf(issue) }]
}

function pathText(path: readonly PropertyKey[]): string {
  return path.map(String).join('.').slice(0, 300)
}
