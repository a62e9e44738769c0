import { t, type ApiError } from '@clientele/admin-sdk'

/** What went wrong in plain words of the reader's language; the server's own sentence where there are none. */
export function problemText(error: ApiError): string {
  const seconds = Number(error.params['retryAfterSeconds'])
  if (error.status === 429) return t('problem.too_many', { count: Math.ceil(seconds / 60) || 1 })
  const reason = error.params['reason']
  const keys = [`problem.${error.code}.${String(reason)}`, `problem.${error.code}`]
  if (error.status === 0 || error.status >= 500)
    keys.push(error.status === 0 ? 'problem.offline' : 'problem.server')
  for (const key of keys) {
    const text = t(key)
    if (text !== key) return text
  }
  return error.message
}

/** What is wrong with one field. */
export function fieldProblem(error: ApiError | null, name: string): string | undefined {
  const message = error?.fields[name]
  if (message === undefined) return undefined
  const text = t(`wrong.${name}`)
  return text === `wrong.${name}` ? message : text
}
