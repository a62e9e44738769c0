import { fmt, Icon, lazily, Link, Menu, Page, setQuery, t, Tabs, usePlace } from '@clientele/admin-sdk'
import type { ComponentChildren } from 'preact'
import { useEffect, useMemo } from 'preact/hooks'
import { segmentKinds, type SegmentKind } from '../../segment/segment-kind.ts'
import { Builder } from '../builder/builder.tsx'
import { Select } from '../editor/controls.tsx'
import type { Language } from '../language/language.ts'
import type { Names } from '../language/sentence.ts'
import { isComplete } from '../model/blank.ts'
import { useDraft, type Draft } from '../model/draft.ts'
import type { SegmentRow } from '../model/segment.ts'
import { isGroup, walk, writeTree } from '../model/tree.ts'
import { issuesByNode } from '../preview/issues.ts'
import { Preview } from '../preview/preview.tsx'
import { usePreview } from '../preview/use-preview.ts'
import { Progress } from './progress.tsx'
import { SaveBar } from './save-bar.tsx'
import { useSegmentActions } from './segment-actions.ts'
import { Status } from './status.tsx'
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
  const missing = useMemo(() => unfinished(draft), [draft.root])
  const isIncomplete = missing !== null
  const isManual = draft.kind === 'manual'
  const preview = usePreview(isIncomplete || isManual ? null : condition)
  const saving = useSave({ ...props, drafting, missing })
  const issues = useMemo(
    () => issuesByNode(draft.root, { ...preview, error: preview.error ?? saving.error }, language, names),
    [draft.root, preview.answer, preview.error, saving.error, language, names],
  )
  useUndoKeys(undo, redo, () => void saving.save())
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
          {!isReadOnly && tab === 'rules' && (
            <>
              <button
                type="button"
                class="icon"
                aria-label={t('segments.undo')}
                title={`${t('segments.undo')} (Ctrl+Z)`}
                disabled={!drafting.canUndo}
                onClick={undo}
              >
                <Icon name="undo" />
              </button>
              <button
                type="button"
                class="icon"
                aria-label={t('segments.redo')}
                title={`${t('segments.redo')} (Ctrl+Shift+Z)`}
                disabled={!drafting.canRedo}
                onClick={redo}
              >
                <Icon name="redo" />
              </button>
            </>
          )}
          {row && !isReadOnly && <Menu label={t('segments.actions')} items={actions} />}
        </>
      }
    >
      <p class="crumbs">
        <Link to="/segments">{t('segments.nav')}</Link>
      </p>
      {row && <Progress row={row} onDone={() => void reload()} />}
      <Views isNew={id === null} tab={tab} count={row?.memberCount ?? null}>
        {tab === 'rules' && (
          <div class="workbench">
            <div class="rules-side">
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
                    aria-invalid={saving.fields['name'] ? 'true' : undefined}
                    aria-describedby={saving.fields['name'] ? 'segment-name-note' : undefined}
                    onBlur={drafting.leaveField}
                    onInput={(event) => {
                      const name = event.currentTarget.value
                      edit((before) => ({ ...before, name }), 'name')
                    }}
                  />
                  {saving.fields['name'] && (
                    <span id="segment-name-note" class="wrong">
                      {saving.fields['name']}
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
                      options={segmentKinds.map((kind) => ({
                        value: kind,
                        label: t(`segments.kind.${kind}`),
                      }))}
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
      </Views>
      {!isReadOnly && <SaveBar drafting={drafting} saving={saving} isNew={id === null} />}
    </Page>
  )
}

interface ViewsProps {
  readonly isNew: boolean
  readonly tab: string
  readonly count: number | null
  readonly children: ComponentChildren
}

/** A new segment has nothing but rules. */
function Views({ isNew, tab, count, children }: ViewsProps) {
  if (isNew) return <>{children}</>
  return (
    <Tabs
      label={t('segments.views')}
      current={tab}
      onChange={(next) => setQuery({ tab: next === 'rules' ? null : next })}
      tabs={[
        { id: 'rules', label: t('segments.tab.rules') },
        {
          id: 'members',
          label: t('segments.tab.members'),
          ...(count === null ? {} : { count: fmt.number(count) }),
        },
        { id: 'history', label: t('segments.tab.history') },
        { id: 'uses', label: t('segments.tab.uses') },
      ]}
    >
      {children}
    </Tabs>
  )
}

/** The first rule with something still to be filled in, or the group without a rule; null when there is none. */
function unfinished({ root }: Draft): string | null {
  for (const { node } of walk(root))
    if (
      isGroup(node) ? node.match === 'atLeast' && !(node.count <= node.parts.length) : !isComplete(node.leaf)
    )
      return node.id
  return null
}

/** Ctrl+Z and Ctrl+Shift+Z go by edits, in fields too; Ctrl+S saves. */
function useUndoKeys(undo: () => void, redo: () => void, save: () => void): void {
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (!(event.ctrlKey || event.metaKey) || event.altKey) return
      const key = event.key.toLowerCase()
      const act =
        key === 'z' ? (event.shiftKey ? redo : undo) : key === 'y' ? redo : key === 's' ? save : null
      if (!act || document.querySelector('dialog[open]')) return
      event.preventDefault()
      act()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  })
}
