import { t, type ApiError } from '@clientele/admin-sdk'
import type { Issue } from '../builder/context.ts'
import type { Leaf, Language } from '../language/language.ts'
import { sentenceOf } from '../language/sentence.ts'
import type { Names } from '../language/use-names.ts'
import { nodeAt, type Group } from '../model/tree.ts'
import type { PreviewAnswer, Warning } from './use-preview.ts'

/** What the server says of the rules, at the rule or group that it is about. */
export function issuesByNode(
  root: Group,
  { answer, error }: { readonly answer: PreviewAnswer | null; readonly error: ApiError | null },
  language: Language,
  names: Names,
): ReadonlyMap<string, readonly Issue[]> {
  const found = new Map<string, readonly Issue[]>()
  const tell = (path: string, make: (rest: string) => Issue): void => {
    const { id, rest } = nodeAt(root, path)
    found.set(id, [...(found.get(id) ?? []), make(rest)])
  }
  if (error?.code === 'condition.invalid')
    for (const { path, message } of issuesIn(error))
      tell(path, (rest) => ({ kind: 'error', text: rest ? `${rest}: ${message}` : message }))
  for (const warning of answer?.warnings ?? []) tell(warning.path, () => issueOf(warning, language, names))
  return found
}

interface PathIssue {
  readonly path: string
  readonly message: string
}

/** Saving names the body as well. */
function issuesIn({ params }: ApiError): readonly PathIssue[] {
  return ((params['issues'] ?? []) as readonly PathIssue[]).map(({ path, message }) => ({
    message,
    path: path.replace(/^(body\.)?condition\.?/, ''),
  }))
}

function issueOf({ key, params }: Warning, language: Language, names: Names): Issue {
  const because = params['because'] as Leaf | undefined
  const nearest = (params['nearest'] ?? []) as readonly string[]
  const name = String(params['name'] ?? '')
  const values: Record<string, string | number> = { name }
  for (const [one, value] of Object.entries(params))
    if (typeof value === 'string' || typeof value === 'number') values[one] = value
  if (because) values['because'] = sentenceOf(language, because, names)
  return {
    kind: 'warning',
    text: t(key, values),
    ...(nearest.length > 0 ? { nearest: { wrong: name, names: nearest } } : {}),
  }
}
