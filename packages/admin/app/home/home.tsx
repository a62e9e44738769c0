import { Link, manifest, Page, panelTitle, session, Slot, t } from '@clientele/admin-sdk'

/** The first page: where one can go. */
export function Home() {
  const panels = manifest.value?.panels ?? []
  return (
    <Page title={session.value?.tenant.name ?? t('home')}>
      <ul class="cards">
        {panels.map((panel) => (
          <li key={panel.id}>
            <Link to={panel.path}>{panelTitle(panel)}</Link>
          </li>
        ))}
      </ul>
      <Slot name="dashboard" />
    </Page>
  )
}
