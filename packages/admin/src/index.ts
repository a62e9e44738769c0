export { adminErrors } from './admin.errors.ts'
export { admin, type AdminApi, type AdminShape } from './admin.plugin.ts'
export type { AdminTables } from './admin.tables.ts'
export { SavedView, type SavedViewRow } from './saved-view/saved-view.entity.ts'
