import { defineSettings } from '@clientele/core'
import * as z from 'zod'

/** What a tenant says about how its people sign in. */
export const AuthSettings = defineSettings(
  'auth',
  z.object({
    newDeviceMails: z
      .boolean()
      .default(true)
      .describe(
        'Whether people who work here, and nowhere that wants it, are told by mail of a sign-in with a new device',
      ),
  }),
)
