import { defineService, type Tx } from '@clientele/core'
import type { AuthTables } from '../auth.tables.ts'
import type { Device } from '../session/session.service.ts'
import type { AuthKeys } from '../token/auth-keys.ts'
import { deviceNameOf } from './device-name.ts'
import { networkOf } from './network.ts'

/** What tells one device from another. */
export type DeviceSigns = Pick<Device, 'ip' | 'userAgent'>

/**
 * Which devices people have signed in with. A device is a program on a system in a network, such as Firefox on Windows at
 * 203.0.x.x: no cookie, no fingerprint, and kept as a MAC, so that the rows tell nobody where somebody was. One that was
 * not seen for 180 days is forgotten.
 */
export interface KnownDevicesService {
  /** Remembers it, and answers whether it is new; of several who ask at once, to one. */
  meet(t: Tx, userId: string, device: DeviceSigns): Promise<boolean>
  /** The next sign-in with it is a new one again. */
  forget(t: Tx, userId: string, device: DeviceSigns): Promise<void>
  forgetAll(t: Tx, userId: string): Promise<void>
}

/** The service: `ctx.get(KnownDevices)`. */
export const KnownDevices = defineService<KnownDevicesService>('auth.known-devices')

const WHY = 'which devices are known, a table of marks that nobody reads'

export function createKnownDevices(keys: AuthKeys): KnownDevicesService {
  const marksOf = (userId: string, { ip, userAgent }: DeviceSigns): readonly string[] => {
    const { program, system } = deviceNameOf(userAgent)
    return keys.macs('device', JSON.stringify([userId, program, system, networkOf(ip)]))
  }
  return {
    async meet(t: Tx<AuthTables>, userId, device) {
      const marks = marksOf(userId, device)
      const now = t.now()
      return t.projection(WHY, async (db) => {
        const { numUpdatedRows } = await db
          .updateTable('knownDevices')
          .set({ lastSeenAt: now })
          .where('userId', '=', userId)
          .where('mark', 'in', marks)
          .executeTakeFirst()
        if (numUpdatedRows > 0n) return false
        const stamp = { id: t.newId(), version: 1, createdAt: now, updatedAt: now }
        const made = await db
          .insertInto('knownDevices')
          .values({ ...stamp, userId, mark: marks[0]!, lastSeenAt: now })
          .onConflict((conflict) => conflict.columns(['userId', 'mark']).doNothing())
          .returning('id')
          .executeTakeFirst()
        return made !== undefined
      })
    },
    async forget(t: Tx<AuthTables>, userId, device) {
      await t.projection(WHY, (db) =>
        db
          .deleteFrom('knownDevices')
          .where('userId', '=', userId)
          .where('mark', 'in', marksOf(userId, device))
          .execute(),
      )
    },
    async forgetAll(t: Tx<AuthTables>, userId) {
      await t.projection(WHY, (db) => db.deleteFrom('knownDevices').where('userId', '=', userId).execute())
    },
  }
}
