/** Waits, up to a quarter longer so that clients do not come back all at once. @throws the signal's reason */
export function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer)
      // oxlint-disable-next-line typescript/prefer-promise-reject-errors -- the reason is the caller's
      reject(signal?.reason)
    }
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', stop)
        resolve()
      },
      ms * (1 + crypto.getRandomValues(new Uint8Array(1))[0]! / 1024),
    )
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop)
  })
}
