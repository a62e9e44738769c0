import { fmt } from '../words/words.ts'

/** `3 days ago`, with the instant itself for whoever points at it; a dash where there is none. */
export function Ago({ at }: { readonly at: string | null | undefined }) {
  if (!at) return <span class="quiet">–</span>
  return (
    <time dateTime={at} title={fmt.time(at)}>
      {fmt.ago(at)}
    </time>
  )
}
