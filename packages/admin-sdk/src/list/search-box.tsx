import { useEffect, useRef, useState } from 'preact/hooks'
import { setQuery } from '../navigation/place.ts'
import { t } from '../words/words.ts'

/** Finds rows by their words; the address follows when somebody pauses. */
export function SearchBox({ title, value }: { readonly title: string; readonly value: string }) {
  const [text, setText] = useState(value)
  const sent = useRef(value)
  useEffect(() => {
    // The address changed by itself: Back, a view, cleared filters.
    if (value === sent.current) return
    sent.current = value
    setText(value)
  }, [value])
  useEffect(() => {
    if (text === sent.current) return
    const timer = setTimeout(() => {
      sent.current = text
      setQuery({ q: text || null })
    }, 250)
    return () => clearTimeout(timer)
  }, [text])
  return (
    <input
      type="search"
      aria-label={t('search_in', { what: title })}
      placeholder={t('search')}
      maxLength={200}
      value={text}
      onInput={(event) => setText(event.currentTarget.value)}
    />
  )
}
