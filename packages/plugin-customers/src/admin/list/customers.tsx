import {
  can,
  EmptyState,
  EntityForm,
  EntityPanel,
  Icon,
  ImportDialog,
  manifest,
  personName,
  setQuery,
  t,
  usePlace,
  type ListColumn,
  type Row,
} from '@clientele/admin-sdk'
import { useMemo, useState } from 'preact/hooks'
import { CustomerDrawer } from '../drawer/customer-drawer.tsx'
import { countryName, type CustomerRow } from '../model/customer.ts'
import { BulkTags } from '../tag/bulk-tags.tsx'

/** The list of customers, and the drawer of one. */
export function Customers() {
  const entity = manifest.value?.entities['customers']
  const { query } = usePlace()
  const [tagging, setTagging] = useState<Tagging | null>(null)
  const columns = useMemo(() => {
    const known = new Set(entity?.fields.map(({ name }) => name))
    return COLUMNS().filter(({ name }) => known.has(name))
  }, [entity])
  if (!entity) return null
  const mayWrite = can('customers:write')
  const mayImport = mayWrite && can('files:write')
  return (
    <>
      <EntityPanel
        entity={entity}
        title={t('customers.nav')}
        panel="customers"
        columns={columns}
        parameters={[{ name: 'tag', label: t('customers.tag'), help: t('customers.tag.help') }]}
        bulkActions={
          mayWrite
            ? [
                {
                  id: 'tag',
                  label: t('customers.tag.bulk'),
                  icon: 'filter',
                  run: (rows) => new Promise((done) => setTagging({ rows, done })),
                },
              ]
            : []
        }
        drawer={CustomerDrawer}
        {...(mayWrite ? { create: NewCustomer } : {})}
        actions={
          mayImport && (
            <button type="button" onClick={() => setQuery({ import: '1' })}>
              <Icon name="up" />
              {t('customers.import')}
            </button>
          )
        }
        empty={<NoCustomers mayWrite={mayWrite} mayImport={mayImport} />}
      />
      {tagging && (
        <BulkTags
          rows={tagging.rows}
          onClose={(isDone) => {
            tagging.done(isDone)
            setTagging(null)
          }}
        />
      )}
      {query['import'] && mayImport && (
        <ImportDialog
          entity={entity}
          title={t('customers.import.title')}
          match={{
            fields: ['externalId', 'id'],
            label: t('customers.import.key'),
            hint: t('customers.import.key.help'),
            none: t('customers.import.key.none'),
          }}
          onClose={() => setQuery({ import: null })}
        />
      )}
    </>
  )
}

/** Whoever was made is shown. */
function NewCustomer({ onClose }: { readonly onClose: () => void }) {
  const entity = manifest.value?.entities['customers']
  return (
    entity && (
      <EntityForm
        entity={entity}
        row={null}
        title={t('customers.new')}
        onClose={onClose}
        onSaved={(row) => setQuery({ open: String(row['id']) })}
      />
    )
  )
}

interface Tagging {
  readonly rows: readonly Row[]
  /** False: nothing was done, and the rows stay chosen. */
  readonly done: (isDone: boolean) => void
}

interface NoCustomersProps {
  readonly mayWrite: boolean
  readonly mayImport: boolean
}

function NoCustomers({ mayWrite, mayImport }: NoCustomersProps) {
  return (
    <EmptyState
      title={t('customers.none')}
      action={
        mayWrite && (
          <div class="ways">
            <button type="button" class="main" onClick={() => setQuery({ create: '1' })}>
              <Icon name="plus" />
              {t('customers.new')}
            </button>
            {mayImport && (
              <button type="button" onClick={() => setQuery({ import: '1' })}>
                {t('customers.import.title')}
              </button>
            )}
          </div>
        )
      }
    >
      {t('customers.none.text')}
    </EmptyState>
  )
}

const COLUMNS = (): readonly ListColumn[] => [
  {
    name: 'firstName',
    label: t('customers.name'),
    width: 145,
    show: (row) => personName(row as CustomerRow),
  },
  {
    name: 'email',
    width: 176,
    show: (row) => (row as CustomerRow).email ?? <span class="quiet">–</span>,
  },
  { name: 'status', width: 84 },
  {
    name: 'country',
    width: 142,
    show: (row) => countryName((row as CustomerRow).country) ?? <span class="quiet">–</span>,
  },
]
