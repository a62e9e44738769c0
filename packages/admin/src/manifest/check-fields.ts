import type { AdminColumn, Registry } from '@clientele/core'
import { adminErrors } from '../admin.errors.ts'

/**
 * Looks at the fields that plugins put into the lists and summaries of others.
 * @throws `admin.unknown_field` for the first that no extension has
 */
export function checkFields({ plugins }: Registry): void {
  for (const { id, plugin } of plugins) {
    const { columns = [], details = [] } = plugin.definition.admin ?? {}
    for (const { extension, field } of [...columns, ...details] as readonly AdminColumn[]) {
      if (extension.extension && field in extension.columns) continue
      throw adminErrors['admin.unknown_field']({ plugin: id, entity: extension.name, field })
    }
  }
}
