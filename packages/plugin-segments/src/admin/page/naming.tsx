import { t } from '@clientele/admin-sdk'
import { segmentKinds, type SegmentKind } from '../../segment/segment-kind.ts'
import { Select } from '../editor/controls.tsx'
import type { useDraft } from '../model/draft.ts'

interface NamingProps {
  readonly drafting: ReturnType<typeof useDraft>
  readonly isReadOnly: boolean
  /** What is wrong with the name. */
  readonly wrong: string | undefined
}

/** What a segment is called, of which kind it is, and what it is for. */
export function Naming({ drafting, isReadOnly, wrong }: NamingProps) {
  const { draft, edit } = drafting
  return (
    <div class="naming">
      <label class="field">
        <span>{t('segments.name')}</span>
        <input
          id="segment-name"
          type="text"
          maxLength={200}
          required
          readOnly={isReadOnly}
          value={draft.name}
          aria-invalid={wrong ? 'true' : undefined}
          aria-describedby={wrong ? 'segment-name-note' : undefined}
          onBlur={drafting.leaveField}
          onInput={(event) => {
            const name = event.currentTarget.value
            edit((before) => ({ ...before, name }), 'name')
          }}
        />
        {wrong && (
          <span id="segment-name-note" class="wrong">
            {wrong}
          </span>
        )}
      </label>
      <label class="field kind">
        <span>{t('segments.kind')}</span>
        {isReadOnly ? (
          <span>{t(`segments.kind.${draft.kind}`)}</span>
        ) : (
          <Select
            label={t('segments.kind')}
            value={draft.kind}
            options={segmentKinds.map((kind) => ({ value: kind, label: t(`segments.kind.${kind}`) }))}
            onValue={(kind) => edit((before) => ({ ...before, kind: kind as SegmentKind }))}
          />
        )}
      </label>
      <label class="field wide">
        <span>{t('segments.description')}</span>
        <input
          type="text"
          maxLength={2000}
          readOnly={isReadOnly}
          value={draft.description}
          onBlur={drafting.leaveField}
          onInput={(event) => {
            const description = event.currentTarget.value
            edit((before) => ({ ...before, description }), 'description')
          }}
        />
      </label>
      <p class="quiet wide">{t(`segments.kind.${draft.kind}.text`)}</p>
    </div>
  )
}
