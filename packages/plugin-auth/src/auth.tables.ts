import type { TablesOf } from '@clientele/core'
import type { Code } from './code/code.entity.ts'
import type { KnownDevice } from './device/known-device.entity.ts'
import type { Session } from './session/session.entity.ts'
import type { members } from './members.ts'
import type { RecoveryCode } from './totp/recovery-code.entity.ts'
import type { User } from './user/user.entity.ts'

/** What typed queries see of this plugin. */
export interface AuthTables extends TablesOf<
  [
    typeof User,
    typeof Session,
    typeof Code,
    typeof RecoveryCode,
    typeof KnownDevice,
    ...typeof members.entities,
  ]
> {}
