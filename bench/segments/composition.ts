import { createClientele, silentLogger, type Clientele, type Clock, type Storage } from '@clientele/core'
import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { segments } from '@clientele/plugin-segments'
import { NOW } from './data-set.ts'

/** Of all tables. */
export const PREFIX = 'clientele_'

const standing: Clock = {
  now: () => NOW,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
}

/** The platform whose counts are measured; it asks at {@link NOW}. */
export function compose(storage: Storage): Clientele {
  return createClientele({
    storage,
    plugins: [customers(), inventory(), orders(), segments()],
    keys: `bench:${Buffer.alloc(32, 7).toString('base64')}`,
    logger: silentLogger(),
    tablePrefix: PREFIX,
    clock: standing,
  })
}
