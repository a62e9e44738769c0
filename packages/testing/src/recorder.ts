import { definePlugin, onChange, type Change } from '@clientele/core'

/** Everything the write path told its subscribers, in order. */
export interface Recorder {
  readonly changes: readonly Change[]
  /** Forgets what was recorded so far. */
  clear(): void
}

/** A plugin that sees every change of every entity. */
export function recorder(): {
  readonly plugin: ReturnType<ReturnType<typeof definePlugin>>
  readonly recorder: Recorder
} {
  const changes: Change[] = []
  const recording = definePlugin({
    id: 'test-recorder',
    version: '1.0.0',
    requires: { core: '*' },
    changes: [
      onChange('*', 'test-recorder.changes', (batch) => {
        changes.push(...batch)
      }),
    ],
  })
  return { plugin: recording(), recorder: { changes, clear: () => void changes.splice(0) } }
}
