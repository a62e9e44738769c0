import { col, defineEntity, type RowOf } from '@clientele/core'
import * as z from 'zod'
import { User } from '../user/user.entity.ts'

/**
 * A device that somebody signed in with before, as a mark that tells nothing by itself: a MAC under the key ring over
 * the person, the program, the system and the network.
 */
export const KnownDevice = defineEntity(
  'knownDevices',
  {
    userId: col.ref(() => User, { onDelete: 'cascade' }),
    mark: col.text(z.string().max(64)),
    lastSeenAt: col.timestamp().index(),
  },
  {
    tenancy: { global: 'people sign in with a device before it is known in which tenant they work' },
    // Who signs in is on the record already; a mark of where would only be more about them.
    audited: false,
    indexes: [{ on: ['userId', 'mark'], unique: true }],
    description: 'Devices of which people need not be told',
  },
)

/** A known device as queries see one. */
export interface KnownDeviceRow extends RowOf<typeof KnownDevice> {}
