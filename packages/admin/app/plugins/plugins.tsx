import {
  base,
  ErrorState,
  isSafeMode,
  Loading,
  loadModule,
  manifest,
  Page,
  PanelError,
  t,
  Table,
  useQuery,
  type Column,
} from '@clientele/admin-sdk'
import { useEffect, useState } from 'preact/hooks'

interface InstalledPlugin {
  readonly id: string
  readonly version: string
  readonly dependsOn: readonly string[]
  /** How many panels, pieces and figures it adds. */
  readonly shows: number
}

/** What is installed, and whether its code runs here. */
export function Plugins() {
  const { data, error, reload } = useQuery<{ items: readonly InstalledPlugin[] }>('/api/v1/admin/plugins')
  return (
    <Page
      title={t('plugins')}
      actions={
        !isSafeMode() && (
          <a class="button" href={`${base.admin}/plugins?safe=1`}>
            {t('safe_mode.enter')}
          </a>
        )
      }
    >
      {error ? (
        <ErrorState error={error} retry={reload} />
      ) : data === undefined ? (
        <Loading />
      ) : (
        <Table label={t('plugins')} columns={columns()} rows={data.items} keyOf={({ id }) => id} />
      )}
    </Page>
  )
}

function columns(): readonly Column<InstalledPlugin>[] {
  return [
    { name: 'id', label: t('plugins.plugin'), show: ({ id }) => <strong>{id}</strong> },
    { name: 'version', label: t('plugins.version'), show: ({ version }) => version },
    { name: 'needs', label: t('plugins.needs'), show: ({ dependsOn }) => dependsOn.join(', ') || '–' },
    { name: 'shows', label: t('plugins.shows'), numeric: true, show: ({ shows }) => shows },
    { name: 'state', label: t('plugins.state'), show: ({ id }) => <State plugin={id} /> },
  ]
}

/** Whether the browser could load the code of its panels; it does so to find out. */
function State({ plugin }: { readonly plugin: string }) {
  const hasCode = manifest.value?.modules[plugin] !== undefined
  const [state, setState] = useState<'loading' | 'works' | Error>('loading')
  useEffect(() => {
    if (!hasCode) return
    loadModule(plugin).then(
      () => setState('works'),
      (error: Error) => setState(error),
    )
  }, [plugin])
  if (!hasCode) return <span class="quiet">{t('plugins.no_code')}</span>
  if (state === 'loading') return <span class="quiet">{t('loading')}</span>
  if (state === 'works') return <span class="badge done">{t('plugins.works')}</span>
  if (isSafeMode()) return <span class="badge">{t('plugins.off')}</span>
  return (
    <span class="wrong wrap">{state instanceof PanelError ? t(state.key, state.values) : state.message}</span>
  )
}
