import { Component, type ComponentChildren } from 'preact'
import { Icon } from '../ui/icon.tsx'
import { t } from '../words/words.ts'
import { PanelError } from './module.ts'

interface Props {
  /** Whose code it is. */
  readonly plugin: string
  readonly children: ComponentChildren
}

/** Keeps a fault of one plugin's code in its place, and says whose it is. */
export class Boundary extends Component<Props, { error: Error | null }> {
  override state: { error: Error | null } = { error: null }

  static override getDerivedStateFromError(error: Error): { error: Error } {
    return { error }
  }

  override render({ plugin, children }: Props, { error }: { error: Error | null }) {
    if (error === null) return children
    return <PanelProblem plugin={plugin} error={error} retry={() => this.setState({ error: null })} />
  }
}

/** What is wrong with a plugin's part of a page, and the way out. */
export function PanelProblem({
  plugin,
  error,
  retry,
}: {
  readonly plugin: string
  readonly error: Error
  readonly retry: () => void
}) {
  return (
    <div class="state" role="alert">
      <Icon name="alert" />
      <h2>{t('panel.failed', { plugin })}</h2>
      <p>{reasonOf(error, plugin)}</p>
      <button type="button" onClick={retry}>
        {t('retry')}
      </button>
    </div>
  )
}

function reasonOf(error: Error, plugin: string): string {
  if (error instanceof PanelError) return t(error.key, error.values)
  return isForeignPreact(error) ? t('panel.own_preact', { plugin }) : error.message
}

/** Hooks of a second copy look for a component of theirs, and find none. */
function isForeignPreact({ message }: Error): boolean {
  return message.includes('__H') || message.includes('__c')
}
