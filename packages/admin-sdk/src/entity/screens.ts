// What only screens with rows need: it is loaded with the first of them.
import { listsEn } from '../words/lists.en.ts'
import { listsPt } from '../words/lists.pt.ts'

export { EntityDrawer } from './entity-drawer.tsx'
export { EntityForm } from './entity-form.tsx'
export { EntityPanel } from './entity-panel.tsx'
export { ListDrawer } from './list-drawer.tsx'
export { RowPicker } from './row-picker.tsx'
export const words = { en: listsEn, pt: listsPt }
