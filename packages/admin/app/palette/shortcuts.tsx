import { Dialog, manifest, navigate, panelTitle, t, type PanelDescription } from '@clientele/admin-sdk'
import { signal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { allowSingleKeys, isMac, isTyping, singleKeys } from './keys.ts'
import { openPalette } from './palette.tsx'

const isOpen = signal(false)

/** Shows which keys do what. */
export function openShortcuts(): void {
  isOpen.value = true
}

/** How long `g` waits for its letter, in milliseconds. */
const PATIENCE = 1200

/** Listens to single keys, as long as they are allowed, and shows what they do. */
export function Shortcuts() {
  useEffect(() => {
    let begun = 0
    const listen = (event: KeyboardEvent): void => {
      if (!singleKeys.peek() || isTyping(event)) return
      const place = event.timeStamp - begun < PATIENCE ? jumps().get(event.key) : undefined
      begun = event.key === 'g' ? event.timeStamp : 0
      const act =
        place !== undefined
          ? () => navigate(place.to)
          : event.key === '?'
            ? openShortcuts
            : event.key === '/'
              ? openPalette
              : null
      if (!act) return
      // The same press must not be typed into what it opens.
      event.preventDefault()
      act()
    }
    addEventListener('keydown', listen)
    return () => removeEventListener('keydown', listen)
  }, [])
  return isOpen.value ? <Sheet /> : null
}

function Sheet() {
  const palette: readonly string[] = isMac ? ['⌘', 'K'] : ['Ctrl', 'K']
  return (
    <Dialog title={t('shortcuts')} onClose={() => (isOpen.value = false)}>
      <dl class="keys">
        <Keys text={t('palette')} keys={palette} />
        <Keys text={t('shortcuts.close')} keys={['Esc']} />
      </dl>
      <h3>{t('shortcuts.single')}</h3>
      <label class="check">
        <input
          type="checkbox"
          checked={singleKeys.value}
          onChange={(event) => allowSingleKeys(event.currentTarget.checked)}
        />
        {t('shortcuts.allow')}
      </label>
      <dl class="keys" data-off={!singleKeys.value || undefined}>
        <Keys text={t('shortcuts')} keys={['?']} />
        <Keys text={t('palette')} keys={['/']} />
        {[...jumps()].map(([letter, { title }]) => (
          <Keys key={letter} text={t('shortcuts.go', { where: title })} keys={['g', letter]} />
        ))}
      </dl>
    </Dialog>
  )
}

function Keys({ text, keys }: { readonly text: string; readonly keys: readonly string[] }) {
  return (
    <div>
      <dt>{text}</dt>
      <dd>
        {keys.map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </dd>
    </div>
  )
}

interface Jump {
  readonly to: string
  readonly title: string
}

/** `g` and a letter of the page's own name: the first one that is free. */
function jumps(): ReadonlyMap<string, Jump> {
  const taken = new Map<string, Jump>([['h', { to: '/', title: t('home') }]])
  for (const panel of manifest.peek()?.panels ?? []) {
    if (panel.section === null) continue
    const letter = panel.id
      .toLowerCase()
      .split('')
      .find((one) => /[a-z]/.test(one) && one !== 'g' && !taken.has(one))
    if (letter) taken.set(letter, jumpTo(panel))
  }
  return taken
}

function jumpTo(panel: PanelDescription): Jump {
  return { to: panel.path, title: panelTitle(panel) }
}
