import { ApiError, call, ErrorState, fmt, Loading, RowPicker, t } from '@clientele/admin-sdk'
import { useEffect, useState } from 'preact/hooks'
import type { Condition, Language } from '../language/language.ts'
import type { Names } from '../language/use-names.ts'
import type { PinReason } from '../model/segment.ts'
import { ExplanationTree, type Explanation } from './explanation.tsx'

interface TestPersonProps {
  readonly language: Language
  readonly names: Names
  /** What is tested: as it stands in the builder, saved or not; null while it is incomplete. */
  readonly condition: Condition | null
  /** The saved segment, which knows more. */
  readonly segmentId: string | null
}

interface Why {
  readonly met: boolean
  readonly member?: boolean
  readonly since?: { readonly enteredAt: string; readonly by: string } | null
  readonly pin?: PinReason | null
  readonly changesAt?: string | null
  readonly explanation: Explanation | null
}

/** Why one customer is in, or is not: each rule, met or not, and what was seen. */
export function TestPerson({ language, names, condition, segmentId }: TestPersonProps) {
  const [person, setPerson] = useState<string | null>(null)
  const text = condition && JSON.stringify(condition)
  return (
    <section class="test" aria-labelledby="test-title">
      <h2 id="test-title">{t('segments.test')}</h2>
      <RowPicker label={t('segments.test.person')} to="customers" value={person} onValue={setPerson} />
      {person && text && (
        <Answers
          key={person}
          person={person}
          text={text}
          segmentId={segmentId}
          language={language}
          names={names}
        />
      )}
    </section>
  )
}

interface AnswersProps extends Omit<TestPersonProps, 'condition'> {
  readonly person: string
  readonly text: string
}

function Answers({ person, text, segmentId, language, names }: AnswersProps) {
  const [why, setWhy] = useState<Why | null>(null)
  const [error, setError] = useState<ApiError | null>(null)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    const abort = new AbortController()
    const timer = setTimeout(
      () => {
        explain(person, text, segmentId, abort.signal).then(
          (answer) => {
            setWhy(answer)
            setError(null)
          },
          (problem) => problem instanceof ApiError && setError(problem),
        )
      },
      why ? 250 : 0,
    )
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [person, text, segmentId, attempt])
  if (error) return <ErrorState error={error} retry={() => setAttempt(attempt + 1)} />
  if (!why) return <Loading />
  return (
    <div aria-live="polite">
      <p class="verdict">
        <strong>{t(why.met ? 'segments.test.met' : 'segments.test.not_met')}</strong>
      </p>
      {why.since && <p class="quiet">{t('segments.since', { at: fmt.time(why.since.enteredAt) })}</p>}
      {why.pin && (
        <p class="quiet">
          {t(`segments.pinned.${why.pin.mode}`)} {why.pin.reason}
        </p>
      )}
      {why.explanation && <ExplanationTree explanation={why.explanation} language={language} names={names} />}
    </div>
  )
}

async function explain(
  customerId: string,
  text: string,
  segmentId: string | null,
  signal: AbortSignal,
): Promise<Why> {
  if (segmentId !== null)
    return call<Why>(`/api/v1/segments/${segmentId}/explain?customerId=${customerId}`, { signal })
  const body = { condition: JSON.parse(text) as Condition, customerId }
  return call<Why>('/api/v1/segments/explain', { body, signal })
}
