import { defineErrors } from '../errors/clientele-error.ts'

/** Errors of imports. */
export const importErrors = defineErrors({
  'import.header': {
    status: 422,
    title: 'Header does not fit',
    detail: (p: { entity: string; problems: readonly string[] }) =>
      `Cannot import this file into "${p.entity}": ${p.problems.join('; ')}`,
  },
  'import.unreadable': {
    status: 422,
    title: 'Not a CSV file',
    detail: (p: { name: string; reason: string }) => `Cannot read "${p.name}" as a CSV file: ${p.reason}`,
  },
  'import.option': {
    status: 422,
    title: 'Wrong option',
    detail: (p: { option: string; value: string; allowed: string }) =>
      `Cannot import with ${p.option} "${p.value}"; ${p.allowed}`,
  },
  'import.removed_row': {
    status: 409,
    title: 'Row was removed',
    detail: (p: { id: string }) =>
      `Cannot change ${p.id}: it was removed, and an import brings nothing back; restore it first`,
  },
  'import.state': {
    status: 409,
    title: 'Wrong state',
    detail: (p: { id: string; state: string; action: 'cancel' | 'undo' }) =>
      p.action === 'cancel'
        ? `Cannot cancel import ${p.id}: it is ${p.state}; only one that waits or runs can be`
        : `Cannot undo import ${p.id}: it is ${p.state}; wait until it has ended, or cancel it first`,
  },
})
