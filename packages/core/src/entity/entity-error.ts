import { camelCase } from '../sql/names.ts'
import { ClienteleError, isClienteleError } from '../errors/clientele-error.ts'
import { coreErrors } from '../errors/core.errors.ts'
import type { RegisteredEntity } from '../plugin/registry.ts'
import type { Storage } from '../storage/storage.ts'

/** A violated constraint as an error that names the fields; any other error as it is. */
export function asEntityError(
  error: unknown,
  registered: RegisteredEntity,
  { storage, action }: { readonly storage: Storage; readonly action: 'save' | 'remove' },
): unknown {
  const violation = storage.constraintOf(error)
  if (!violation) return error
  const entity = registered.entity.name
  const fields = violation.columns.map(camelCase).filter((field) => field !== 'tenantId')
  if (violation.kind === 'unique') return coreErrors['entity.conflict']({ entity, fields }, { cause: error })
  if (violation.kind === 'foreignKey') {
    // SQLite does not tell which reference failed: every one of the entity is a candidate.
    const named = fields.length > 0 || action === 'remove' ? fields : referencesOf(registered)
    return coreErrors['entity.reference']({ entity, fields: named, action }, { cause: error })
  }
  return coreErrors['entity.invalid_value']({ entity, fields }, { cause: error })
}

function referencesOf({ entity }: RegisteredEntity): string[] {
  return Object.keys(entity.columns).filter((name) => entity.columns[name]?.spec.reference)
}

/**
 * For code that looked for a unique value, did not find it, and failed to insert it: another transaction was faster.
 * Throwing what this answers makes `ctx.tx` run again (at most 3 times), and then the row is found. Errors that are no
 * conflict come back as they are.
 */
export function lostRace(error: unknown): unknown {
  return UpsertRace.from(error)
}

/** Two transactions upserted one key at once; the loser runs again and finds the row. */
export class UpsertRace extends ClienteleError {
  static from(error: unknown): unknown {
    if (!isClienteleError(error) || error.code !== 'entity.conflict') return error
    const { code, status, title, params, cause } = error
    return new UpsertRace(error.message, { code, status, title, params, cause })
  }
}
