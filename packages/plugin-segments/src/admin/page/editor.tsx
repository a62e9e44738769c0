import { lazily, Link, Menu, Page, t, usePlace } from '@clientele/admin-sdk'
import { useEffect, useMemo } from 'preact/hooks'
import { Builder } from '../builder/builder.tsx'
import type { Language } from '../language/language.ts'
import type { Names } from '../language/use-names.ts'
import { useDraft, type Draft } from '../model/draft.ts'
import type { SegmentRow } from '../model/segment.ts'
import { writeTree } from '../model/tree.ts'
import { firstUnfinished } from '../model/unfinished.ts'
import { issuesByNode } from '../preview/issues.ts'
import { Preview } from '../preview/preview.tsx'
import { usePreview } from '../preview/use-preview.ts'
import { Naming } from './naming.tsx'
import { Progress } from './progress.tsx'
import { SaveBar } from './save-bar.tsx'
import { useSegmentActions } from './segment-actions.ts'
import { SegmentViews } from './segment-views.tsx'
import { Status } from './status.tsx'
import { UndoButtons } from './undo-buttons.tsx'
import { useEditKeys } from './use-edit-keys.ts'
import { useSave } from './use-save.ts'

// What only saved segments have is loaded when it is first looked at.
const TestPerson = lazily(async () => ({
  component: (await import('../person/test-person.tsx')).TestPerson,
}))
const MembersTab = lazily(async () => ({ component: (await import('./saved-tabs.tsx')).MembersTab }))
const HistoryTab = lazily(async () => ({ component: (await import('./saved-tabs.tsx')).HistoryTab }))
const UsesTab = lazily(async () => ({ component: (await import('./saved-tabs.tsx')).UsesTab }))

interface EditorProps {
  /** Null: a new segment. */
  readonly id: string | null
  readonly draftKey: string
  readonly row: SegmentRow | null
  readonly start: Draft
  readonly language: Language
  readonly names: Names
  readonly isReadOnly: boolean
  readonly onSaved: (row: SegmentRow) => void
  readonly reload: () => Promise<SegmentRow>
}

/** A segment with its rules, whom they select, who is in it, what it was, and what hangs on it. */
export function Editor(props: EditorProps) {
  const { id, row, language, names, isReadOnly, reload } = props
  const { query } = usePlace()
  const tab = (id !== null && query['tab']) || 'rules'
  const drafting = useDraft(props.draftKey, props.start, row?.version ?? 0)
  const { draft, edit, undo, redo } = drafting
  const condition = useMemo(() => writeTree(draft.root), [draft.root])
  const missing = useMemo(() => firstUnfinished(draft.root), [draft.root])
  const isIncomplete = missing !== null
  const isManual = draft.kind === 'manual'
  const preview = usePreview(isIncomplete || isManual ? null : condition)
  const saving = useSave({ ...props, drafting, missing })
  const issues = useMemo(
    () => issuesByNode(draft.root, { ...preview, error: preview.error ?? saving.error }, language, names),
    [draft.root, preview.answer, preview.error, saving.error, language, names],
  )
  useEditKeys({ undo, redo, save: () => void saving.save() })
  useEffect(() => {
    // Whoever changed it elsewhere, or restored a version here: nothing was typed that could be lost.
    if (row && row.version !== drafting.basedOn && !drafting.isDirty) drafting.rebase(row)
  }, [row?.version])
  const actions = useSegmentActions(row, reload)
  const title = draft.name.trim() || t(id === null ? 'segments.new' : 'segments.unnamed')
  return (
    <Page
      title={title}
      actions={
        <>
          {row && <Status row={row} />}
          {!isReadOnly && tab === 'rules' && <UndoButtons drafting={drafting} />}
          {row && !isReadOnly && <Menu label={t('segments.actions')} items={actions} />}
        </>
      }
    >
      <p class="crumbs">
        <Link to="/segments">{t('segments.nav')}</Link>
      </p>
      {row && <Progress row={row} onDone={() => void reload()} />}
      <SegmentViews isNew={id === null} tab={tab} count={row?.memberCount ?? null}>
        {tab === 'rules' && (
          <div class="workbench">
            <div class="rules-side">
              <Naming drafting={drafting} isReadOnly={isReadOnly} wrong={saving.fields['name']} />
              {isManual ? (
                <p class="quiet">{t('segments.manual.text')}</p>
              ) : (
                <Builder
                  language={language}
                  names={names}
                  root={draft.root}
                  isReadOnly={isReadOnly}
                  issues={issues}
                  onEdit={(by, field) => edit((before) => ({ ...before, root: by(before.root) }), field)}
                  onLeave={drafting.leaveField}
                />
              )}
            </div>
            {!isManual && (
              <div class="preview-side">
                <Preview state={preview} isIncomplete={isIncomplete} />
                <TestPerson
                  language={language}
                  names={names}
                  condition={isIncomplete ? null : condition}
                  segmentId={drafting.isDirty ? null : id}
                />
              </div>
            )}
          </div>
        )}
        {tab === 'members' && row && <MembersTab row={row} isReadOnly={isReadOnly} />}
        {tab === 'history' && row && (
          <HistoryTab
            row={row}
            language={language}
            names={names}
            isReadOnly={isReadOnly}
            isDirty={drafting.isDirty}
            onRestored={(fresh) => {
              props.onSaved(fresh)
              drafting.rebase(fresh)
            }}
          />
        )}
        {tab === 'uses' && row && <UsesTab id={row.id} />}
      </SegmentViews>
      {!isReadOnly && <SaveBar drafting={drafting} saving={saving} isNew={id === null} />}
    </Page>
  )
}
