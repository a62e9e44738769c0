import { conditionErrors } from '@clientele/conditions'

/** Errors of this plugin: those of the condition language, which it owns for its host. */
export const segmentsErrors = conditionErrors
