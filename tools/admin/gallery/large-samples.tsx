import {
  call,
  EntityPanel,
  fmt,
  invalidate,
  LineChart,
  manifest,
  type BulkAction,
  type DrawerProps,
  type ListColumn,
  type ListTab,
  ListDrawer,
  useQuery,
} from '@clientele/admin-sdk'

interface Sample {
  readonly id: string
  readonly name: string
  readonly count: number | null
}

const columns: readonly ListColumn[] = [
  { name: 'name' },
  { name: 'size' },
  { name: 'twice', label: 'Twice', numeric: true, show: (row) => fmt.number(Number(row['count']) * 2) },
]

const tabs: readonly ListTab[] = [
  { id: 'all', label: 'All', query: {} },
  { id: 'large', label: 'Large', query: { size: 'large' } },
]

const shrink: BulkAction = {
  id: 'shrink',
  label: 'Make small',
  async run(rows) {
    const operations = rows.map(({ id }) => ({ op: 'update', id, values: { size: 'small' } }))
    await call('/api/v1/samples/bulk', { body: { operations } })
    invalidate('/api/v1/samples')
  },
}

/** The list of samples, with columns, tabs and a bulk action of its own. */
export function Samples() {
  const entity = manifest.value!.entities['samples']!
  return (
    <EntityPanel
      entity={entity}
      title="Samples"
      columns={columns}
      tabs={tabs}
      bulkActions={[shrink]}
      drawer={Drawer}
    />
  )
}

function Drawer(props: DrawerProps) {
  const { data, error, reload } = useQuery<Sample>(`/api/v1/samples/${props.id}`)
  return (
    <ListDrawer {...props} title={data?.name} error={error} retry={reload}>
      <LineChart
        title="How did the count grow?"
        labels={['before', 'now']}
        series={[{ name: 'Count', values: [0, data?.count ?? null] }]}
      />
    </ListDrawer>
  )
}
