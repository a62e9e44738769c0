import { apiUrl } from '@clientele/admin-sdk'
import { useEffect, useRef } from 'preact/hooks'

/** How often the server is asked where its stream does not arrive, in milliseconds. */
const POLLING = 3000
/** Several events of one moment are one reason to look. */
const TOGETHER = 400

/**
 * Looks again whenever the server says that a job moved, as long as `isOn`. It looks every few seconds instead where
 * the stream is held back on its way, as some proxies do, and while something `isWaiting`: of a job that begins and ends
 * between two looks of the server itself the stream says nothing.
 */
export function useLive(
  look: () => void,
  { isOn, isWaiting }: { readonly isOn: boolean; readonly isWaiting: boolean },
): void {
  const latest = useRef({ look, isWaiting })
  latest.current = { look, isWaiting }
  useEffect(() => {
    if (!isOn) return
    let isLive = false
    let soon: ReturnType<typeof setTimeout> | undefined
    const later = (): void => {
      soon ??= setTimeout(() => {
        soon = undefined
        latest.current.look()
      }, TOGETHER)
    }
    const stream = new EventSource(apiUrl('/api/v1/live?entities=&jobs=true'))
    stream.addEventListener('hello', (event) => {
      isLive = (JSON.parse(event.data as string) as { jobs: boolean }).jobs
    })
    for (const name of ['job', 'reset']) stream.addEventListener(name, later)
    stream.addEventListener('error', () => {
      isLive = false
    })
    const timer = setInterval(() => {
      if (!document.hidden && (!isLive || latest.current.isWaiting)) latest.current.look()
    }, POLLING)
    return () => {
      stream.close()
      clearInterval(timer)
      clearTimeout(soon)
    }
  }, [isOn])
}
