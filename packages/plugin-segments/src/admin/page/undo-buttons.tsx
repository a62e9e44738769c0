import { Icon, t } from '@clientele/admin-sdk'
import type { useDraft } from '../model/draft.ts'

/** One edit back, and forth again. */
export function UndoButtons({ drafting }: { readonly drafting: ReturnType<typeof useDraft> }) {
  return (
    <>
      <button
        type="button"
        class="icon"
        aria-label={t('segments.undo')}
        title={`${t('segments.undo')} (Ctrl+Z)`}
        disabled={!drafting.canUndo}
        onClick={drafting.undo}
      >
        <Icon name="undo" />
      </button>
      <button
        type="button"
        class="icon"
        aria-label={t('segments.redo')}
        title={`${t('segments.redo')} (Ctrl+Shift+Z)`}
        disabled={!drafting.canRedo}
        onClick={drafting.redo}
      >
        <Icon name="redo" />
      </button>
    </>
  )
}
