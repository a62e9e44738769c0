import { conditionErrors } from '@clientele/conditions'
import { defineErrors } from '@clientele/core'

/** Errors of this plugin, and those of the condition language, which it owns for its host. */
export const segmentsErrors = {
  ...conditionErrors,
  ...defineErrors({
    'segments.in_use': {
      status: 409,
      title: 'Segment is in use',
      detail: (p: { id: string; uses: readonly { readonly kind: string; readonly name: string }[] }) =>
        `Cannot remove segment ${p.id}: it is used by ${p.uses.map(({ kind, name }) => `${kind} "${name}"`).join(', ')}; change these first`,
    },
    'segments.cycle': {
      status: 422,
      title: 'Segments ask about each other',
      detail: (p: { path: readonly string[] }) =>
        `Cannot save the segment: it would hang on itself, by ${p.path.map((name) => `"${name}"`).join(' → ')}; take one of these rules out`,
    },
    'segments.not_pinned': {
      status: 409,
      title: 'Segment takes no pins',
      detail: (p: { id: string; kind: string }) =>
        `Cannot put customers into segment ${p.id} by hand, or out of it: it is ${p.kind}; make it dynamic or manual first`,
    },
    'segments.unknown': {
      status: 422,
      title: 'Unknown segment',
      detail: (p: { id: string }) =>
        `Cannot save the condition: it asks about segment ${p.id}, which is not there; restore it first if it was removed, or ask about one that GET /api/v1/segments lists`,
    },
    'segments.run_over': {
      status: 409,
      title: 'No recompute under way',
      detail: (p: { id: string }) =>
        `Cannot cancel the recompute of segment ${p.id}: none is under way; its status says how the last one ended`,
    },
    'segments.not_computed': {
      status: 409,
      title: 'Nothing to compute',
      detail: (p: { id: string; kind: string }) =>
        `Cannot recompute segment ${p.id}: a ${p.kind} segment is never computed again; change its kind first`,
    },
  }),
}
