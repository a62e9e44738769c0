import {
  Boundary,
  EmptyState,
  EntityPanel,
  manifest,
  Page,
  panelTitle,
  PluginView,
  t,
  usePlace,
  type PanelDescription,
} from '@clientele/admin-sdk'
import { useEffect, useRef } from 'preact/hooks'
import { Home } from '../home/home.tsx'
import { openPalette } from '../palette/palette.tsx'
import { visited } from '../palette/recent.ts'
import { Plugins } from '../plugins/plugins.tsx'
import { panelAt } from './panels.ts'

/** What the address says is shown here. */
export function Main({ panels }: { readonly panels: readonly PanelDescription[] }) {
  const { path } = usePlace()
  const ref = useRef<HTMLElement>(null)
  const first = useRef(true)
  // Those who do not see the page change are taken to it; a filter that changes leaves them where they are.
  useEffect(() => {
    if (first.current) first.current = false
    else {
      ref.current?.focus({ preventScroll: true })
      scrollTo(0, 0)
    }
    visited(path)
  }, [path])
  const panel = panelAt(panels, path)
  return (
    <main id="main" ref={ref} tabIndex={-1}>
      {path === '/' ? (
        <Home />
      ) : path === '/plugins' ? (
        <Plugins />
      ) : panel ? (
        <Shown panel={panel} />
      ) : (
        <NotFound />
      )}
    </main>
  )
}

function Shown({ panel }: { readonly panel: PanelDescription }) {
  if ('export' in panel.shows)
    return <PluginView key={panel.id} plugin={panel.plugin} name={panel.shows.export} props={{ panel }} />
  const entity = manifest.value?.entities[panel.shows.entity]
  return (
    <Boundary key={panel.id} plugin={panel.plugin}>
      {entity ? <EntityPanel entity={entity} title={panelTitle(panel)} /> : <NotFound />}
    </Boundary>
  )
}

function NotFound() {
  return (
    <Page title={t('not_found')}>
      <EmptyState
        title={t('not_found.what')}
        action={
          <button type="button" onClick={() => openPalette()}>
            {t('search')}
          </button>
        }
      >
        {t('not_found.text')}
      </EmptyState>
    </Page>
  )
}
