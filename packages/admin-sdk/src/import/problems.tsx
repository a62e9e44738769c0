import type { ApiError } from '../api/call.ts'
import { t } from '../words/words.ts'
import type { Preview } from './preview.ts'

interface ProblemsProps {
  readonly preview: Preview
  /** Why the last request failed. */
  readonly problem: ApiError | undefined
}

/** Why it cannot begin, and which of the first rows would be refused. */
export function Problems({ preview: { problems, rows }, problem }: ProblemsProps) {
  const refused = rows.flatMap(({ line, problems: own }) =>
    own.map(({ column, reason }) =>
      t('import.refused', { line: String(line), reason: column ? `${column}: ${reason}` : reason }),
    ),
  )
  const blocking = [...problems, ...(problem ? [problem.message] : [])]
  return (
    <div role="status" class="problems">
      {blocking.map((text) => (
        <p key={text} class="wrong">
          {text}
        </p>
      ))}
      {refused.length > 0 && <p>{t('import.refused.title')}</p>}
      <ul>
        {refused.slice(0, 5).map((text) => (
          <li key={text} class="wrong">
            {text}
          </li>
        ))}
      </ul>
    </div>
  )
}
