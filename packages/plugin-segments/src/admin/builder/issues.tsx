import { Icon, t } from '@clientele/admin-sdk'
import type { Issue } from './context.ts'

interface IssuesProps {
  readonly issues: readonly Issue[]
  readonly onReplace?: (wrong: string, right: string) => void
}

/** What is wrong with a rule, or may not mean what was meant. */
export function IssueList({ issues, onReplace }: IssuesProps) {
  return (
    <>
      {issues.map(({ kind, text, nearest }) => (
        <p key={text} class={`issue ${kind}`}>
          <Icon name="alert" />
          <span>{text}</span>
          {onReplace &&
            nearest?.names.slice(0, 3).map((name) => (
              <button
                key={name}
                type="button"
                class="plain small"
                onClick={() => onReplace(nearest.wrong, name)}
              >
                {t('segments.use_instead', { name })}
              </button>
            ))}
        </p>
      ))}
    </>
  )
}
