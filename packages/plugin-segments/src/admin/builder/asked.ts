import { lazily } from '@clientele/admin-sdk'

/** Controls for every kind of question are the larger part of the builder, and come after the tree. */
export const Asked = lazily(async () => ({ component: (await import('../editor/asked.tsx')).Asked }))
