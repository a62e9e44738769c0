import type { TablesOf } from '@clientele/core'
import type { SavedView } from './saved-view/saved-view.entity.ts'

/** What typed queries see of this plugin. */
export interface AdminTables extends TablesOf<[typeof SavedView]> {}
