import { constants } from 'node:fs'
import { access, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fail, ok, type Check } from './check.ts'

/**
 * Whether files can be stored. The folder is made with the first one: until then it counts that it can be made.
 *
 * @param folder null where files are rows of the database
 */
export async function filesCheck(folder: string | null): Promise<Check> {
  if (folder === null) return ok('files', 'Files are kept in the database')
  const place = await nearest(folder)
  try {
    await access(place, constants.W_OK | constants.X_OK)
    return ok('files', 'Files can be stored')
  } catch {
    return fail(
      'files',
      'Files cannot be stored: their folder may not be written to',
      `Give this user the folder ${place}`,
    )
  }
}

async function nearest(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => null)
  return found || dirname(folder) === folder ? folder : nearest(dirname(folder))
}
