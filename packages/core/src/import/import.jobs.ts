import * as z from 'zod'
import { uuidSchema } from '../entity/column.ts'
import { defineJob, handleJob } from '../job/job.ts'
import { LAST_ATTEMPT, runImport } from './run-import.ts'
import { undoImport } from './undo-import.ts'

// A large file takes as long as it takes: whether a run lives is what its lease tells, and a killed one costs an attempt.
const options = { attempts: LAST_ATTEMPT, timeoutMs: 24 * 60 * 60_000, concurrency: 2 }

const input = z.object({ importId: uuidSchema })

/** Imports a file, or goes on with one. */
export const RunImport = defineJob('core.import', input, options)

/** Takes an import back. */
export const UndoImport = defineJob('core.undoImport', input, options)

export const importJobs = [
  handleJob(RunImport, ({ importId }, ctx) => runImport(ctx, importId)),
  handleJob(UndoImport, ({ importId }, ctx) => undoImport(ctx, importId)),
]
