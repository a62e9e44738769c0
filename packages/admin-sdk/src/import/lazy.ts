import { lazily } from '../ui/lazily.tsx'
import type { ImportDialogProps } from './import-dialog.tsx'

/**
 * Rows of a CSV file into an entity: what its columns become is proposed, tried on the first rows, and can be corrected. It
 * goes on as a job, can be undone, and can be tried without writing anything. Needs `files:write` beside the entity's own
 * permission.
 */
export const ImportDialog = /* @__PURE__ */ lazily<ImportDialogProps>(async () => {
  const { ImportDialog: component, words } = await import('./import-dialog.tsx')
  return { component, words }
})
