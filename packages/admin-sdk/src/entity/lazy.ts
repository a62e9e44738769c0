import { lazily } from '../ui/lazily.tsx'
import type { EntityDrawerProps } from './entity-drawer.tsx'
import type { EntityFormProps } from './entity-form.tsx'
import type { EntityPanelProps } from './entity-panel.tsx'
import type { ListDrawerProps } from './list-drawer.tsx'
import type { RowPickerProps } from './row-picker.tsx'

/** The list of an entity with all that belongs to it, and a drawer for one row: all from what its plugin declared. */
export const EntityPanel = /* @__PURE__ */ lazily<EntityPanelProps>(async () => {
  const { EntityPanel: component, words } = await import('./screens.ts')
  return { component, words }
})

/** One row beside its list, with what a panel wants to show of it. For `drawer` of {@link EntityPanel}. */
export const EntityDrawer = /* @__PURE__ */ lazily<EntityDrawerProps>(async () => {
  const { EntityDrawer: component, words } = await import('./screens.ts')
  return { component, words }
})

/** Makes a row of an entity, or changes one. What was typed survives errors, conflicts and an expired session. */
export const EntityForm = /* @__PURE__ */ lazily<EntityFormProps>(async () => {
  const { EntityForm: component, words } = await import('./screens.ts')
  return { component, words }
})

/** The drawer of a list, without what it says of its row; for panels that draw a drawer of their own. */
export const ListDrawer = /* @__PURE__ */ lazily<ListDrawerProps>(async () => {
  const { ListDrawer: component, words } = await import('./screens.ts')
  return { component, words }
})

/** A row of another entity, found by its words. Whoever may not read them types its id. */
export const RowPicker = /* @__PURE__ */ lazily<RowPickerProps>(async () => {
  const { RowPicker: component, words } = await import('./screens.ts')
  return { component, words }
})
