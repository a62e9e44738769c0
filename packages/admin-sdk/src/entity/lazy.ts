import { lazily } from '../ui/lazily.tsx'
import type { EntityFormProps } from './entity-form.tsx'
import type { EntityPanelProps } from './entity-panel.tsx'
import type { RowPickerProps } from './row-picker.tsx'

/** The list of an entity with all that belongs to it, and a drawer for one row: all from what its plugin declared. */
export const EntityPanel = /* @__PURE__ */ lazily<EntityPanelProps>(async () => {
  const { EntityPanel: component, words } = await import('./screens.ts')
  return { component, words }
})

/** Makes a row of an entity, or changes one. What was typed survives errors, conflicts and an expired session. */
export const EntityForm = /* @__PURE__ */ lazily<EntityFormProps>(async () => {
  const { EntityForm: component, words } = await import('./screens.ts')
  return { component, words }
})

/** A row of another entity, found by its words. Whoever may not read them types its id. */
export const RowPicker = /* @__PURE__ */ lazily<RowPickerProps>(async () => {
  const { RowPicker: component, words } = await import('./screens.ts')
  return { component, words }
})
