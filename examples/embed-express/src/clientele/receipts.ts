import { defineJob, definePlugin, handleJob } from '@clientele/core'
import * as z from 'zod'

export const SendReceipt = defineJob('receipts.send', z.object({ orderId: z.string(), email: z.email() }))

/** The shop's own plugin: a job that exists exactly when its order does. */
export function receipts(send: (email: string, orderId: string) => Promise<void>) {
  const plugin = definePlugin({
    id: 'receipts',
    version: '1.0.0',
    requires: { core: '^0.1.0' },
    jobs: [handleJob(SendReceipt, ({ email, orderId }) => send(email, orderId))],
  })
  return plugin()
}
