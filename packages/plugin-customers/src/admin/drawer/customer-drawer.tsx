import {
  can,
  EntityDrawer,
  manifest,
  Menu,
  personName,
  setQuery,
  t,
  Tabs,
  usePlace,
  type DrawerProps,
  type MenuItem,
  type Row,
  type Tab,
} from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'
import type { CustomerRow } from '../model/customer.ts'
import { EraseCustomer } from '../privacy/erase-customer.tsx'
import { downloadEverything } from '../privacy/download-everything.ts'
import { MergeDialog } from '../merge/merge-dialog.tsx'
import { tabsOf } from './tabs.tsx'

/** All that is known of a customer: a summary, and the rest in tabs whose names stand in the address. */
export function CustomerDrawer(props: DrawerProps) {
  const entity = manifest.value?.entities['customers']
  const { query } = usePlace()
  const [doing, setDoing] = useState<'merge' | 'erase' | null>(null)
  const done = (): void => setDoing(null)
  if (!entity) return null
  const close = (): void => {
    // What belongs to the drawer leaves the address with it.
    setQuery({ tab: null, events: null })
    props.onClose()
  }
  const tabs = tabsOf()
  const current = tabs.find(({ id }) => id === query['tab']) ?? tabs[0]!
  const show = (row: Row) => (
    <>
      <Tabs
        label={personName(row as CustomerRow)}
        tabs={tabs.map(({ id, title }): Tab => ({ id, label: t(title) }))}
        current={current.id}
        onChange={(tab) => setQuery({ tab: tab === tabs[0]!.id ? null : tab, events: null })}
      >
        <current.Shown key={props.id} customer={row as CustomerRow} />
      </Tabs>
      {doing === 'merge' && <MergeDialog customer={row as CustomerRow} onClose={done} />}
      {doing === 'erase' && <EraseCustomer customer={row as CustomerRow} onClose={done} onErased={close} />}
    </>
  )
  const actions = (row: Row) => {
    const items: MenuItem[] = []
    if (can('customers:merge'))
      items.push({
        id: 'merge',
        label: t('customers.merge'),
        icon: 'users',
        onSelect: () => setDoing('merge'),
      })
    if (can('customers:export'))
      items.push({
        id: 'export',
        label: t('customers.export'),
        icon: 'download',
        onSelect: () => void downloadEverything(row as CustomerRow),
      })
    if (can('customers:erase'))
      items.push({
        id: 'erase',
        label: t('customers.erase'),
        icon: 'alert',
        isSeparated: items.length > 0,
        onSelect: () => setDoing('erase'),
      })
    return items.length > 0 && <Menu label={t('customers.actions')} icon="menu" items={items} />
  }
  return (
    <EntityDrawer
      {...props}
      onClose={close}
      entity={entity}
      title={(row) => personName(row as CustomerRow)}
      actions={actions}
    >
      {show}
    </EntityDrawer>
  )
}
