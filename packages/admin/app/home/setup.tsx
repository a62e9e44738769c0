import { Icon, Link, session, t, useQuery, type StepDescription } from '@clientele/admin-sdk'
import { useEffect, useState } from 'preact/hooks'
import { valueIn } from './value-in.ts'

/** What is to be done once. The server says what is done; nobody ticks a box. */
export function Setup({ steps }: { readonly steps: readonly StepDescription[] }) {
  const [isHidden, setHidden] = useState(localStorage.getItem(key()) === 'hidden')
  const [done, setDone] = useState<ReadonlySet<string>>(new Set())
  if (steps.length === 0 || isHidden) return null
  const isAll = done.size === steps.length
  const hide = (): void => {
    localStorage.setItem(key(), 'hidden')
    setHidden(true)
  }
  return (
    <section class="setup" aria-labelledby="setup" hidden={isAll}>
      <header>
        <h2 id="setup">{t('setup')}</h2>
        <span class="quiet">{t('setup.done', { done: done.size, count: steps.length })}</span>
        <button type="button" class="plain" onClick={hide}>
          {t('setup.hide')}
        </button>
      </header>
      <progress aria-labelledby="setup" max={steps.length} value={done.size} />
      <ol>
        {steps.map((step) => (
          <Step
            key={`${step.plugin}.${step.id}`}
            step={step}
            onDone={() => setDone((before) => new Set([...before, `${step.plugin}.${step.id}`]))}
          />
        ))}
      </ol>
    </section>
  )
}

function Step({ step, onDone }: { readonly step: StepDescription; readonly onDone: () => void }) {
  const { title, text, source, value, to } = step
  const { data } = useQuery<unknown>(source)
  const found = valueIn(data, value)
  const isDone = Array.isArray(found) ? found.length > 0 : Boolean(found)
  useEffect(() => {
    if (isDone) onDone()
  }, [isDone])
  return (
    <li class={isDone ? 'done' : undefined}>
      <Icon name={isDone ? 'check' : 'dot'} />
      <span>
        {isDone ? t(title) : <Link to={to}>{t(title)}</Link>}
        <span class="unseen">{isDone ? t('setup.step_done') : ''}</span>
        {text && !isDone && <span class="quiet">{t(text)}</span>}
      </span>
    </li>
  )
}

function key(): string {
  return `clientele.setup.${session.peek()?.tenant.id ?? ''}`
}
