import { defineErrors } from '../errors/clientele-error.ts'

/** Errors of exports. Codes are listed in `docs/reference/errors.md`. */
export const exportErrors = defineErrors({
  'export.unknown_entity': {
    status: 404,
    title: 'Unknown entity',
    detail: (p: { entity: string; allowed: readonly string[] }) =>
      `Cannot export "${p.entity}": there are ${p.allowed.join(', ') || 'no entities with routes'}`,
  },
  'export.unknown_column': {
    status: 400,
    title: 'Unknown column',
    detail: (p: { column: string; allowed: readonly string[] }) =>
      `Cannot export the column "${p.column}"; allowed are ${p.allowed.join(', ')}`,
  },
  'export.not_done': {
    status: 409,
    title: 'Export not done',
    detail: (p: { id: string; state: string }) =>
      `Cannot download the export ${p.id}: it is ${p.state}; ${p.state === 'waiting' || p.state === 'running' ? 'ask again when its state is done' : 'start a new one'}`,
  },
  'export.over': {
    status: 409,
    title: 'Export over',
    detail: (p: { id: string; state: string }) =>
      `Cannot cancel the export ${p.id}: it is ${p.state} already`,
  },
})
