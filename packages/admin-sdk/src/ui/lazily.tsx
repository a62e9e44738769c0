import type { ComponentType, FunctionComponent } from 'preact'
import { useEffect, useState } from 'preact/hooks'
import { isReachable } from '../session/reach.ts'
import { addWords } from '../words/words.ts'
import { ErrorState, Loading } from './states.tsx'

/** Texts by language and key. */
type Words = Readonly<Record<string, Readonly<Record<string, string>>>>

/** A component whose code comes later. */
export type LazyComponent<P> = FunctionComponent<P> & {
  /** Loads the code before it is shown: whoever types at once loses nothing. */
  readonly load: () => Promise<void>
}

/**
 * A component whose code is loaded when it is first shown, or when its `load` is called.
 * @param load answers the component, and the texts that only it needs
 */
export function lazily<P extends object>(
  load: () => Promise<{ readonly component: ComponentType<P>; readonly words?: Words }>,
): LazyComponent<P> {
  let loaded: ComponentType<P> | undefined
  const fetchIt = async (): Promise<void> => {
    const { component, words } = await load()
    if (words) addWords(words)
    loaded = component
  }
  function Lazy(props: P) {
    const [error, setError] = useState<Error | null>(null)
    const [, redraw] = useState(0)
    const ask = (): void => {
      setError(null)
      fetchIt().then(
        () => redraw((drawn) => drawn + 1),
        // Without a network the browser tells only the address of a file.
        (problem: Error) => setError(isReachable.value ? problem : Object.assign(problem, { status: 0 })),
      )
    }
    useEffect(() => {
      if (!loaded) ask()
    }, [])
    const Shown = loaded
    if (Shown) return <Shown {...props} />
    return error ? <ErrorState error={error} retry={ask} /> : <Loading />
  }
  return Object.assign(Lazy, { load: fetchIt })
}
