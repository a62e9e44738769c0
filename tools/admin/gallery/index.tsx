import {
  BarChart,
  Combobox,
  Confirm,
  DateField,
  exportCsv,
  HeatChart,
  KeyValue,
  LineChart,
  ListField,
  Menu,
  Page,
  Progress,
  StackedChart,
  Stat,
  Tabs,
  Timeline,
  toast,
  useLive,
  usePlace,
  setQuery,
} from '@clientele/admin-sdk'
import { useState } from 'preact/hooks'

export { Samples } from './large-samples.tsx'

const DAYS = Array.from({ length: 30 }, (_, n) => `Day ${n + 1}`)
const wave = (of: number, size = 30): number[] =>
  Array.from({ length: size }, (_, n) => Math.round(50 + 40 * Math.sin((n + of) / 4) + of))
const FRUIT = ['Apples', 'Pears', 'Plums', 'Quinces of the highest mountains of the country']

const COLUMNS = {
  display: 'grid',
  gap: '24px',
  gridTemplateColumns: 'repeat(auto-fill, minmax(min(240px, 100%), 1fr))',
  alignItems: 'start',
}

/** Every control of the SDK, for tests and for whoever wants to look at them. */
export function Gallery() {
  const { query } = usePlace()
  const tab = query['tab'] ?? 'controls'
  return (
    <Page title="Gallery">
      <Tabs
        label="Parts"
        tabs={[
          { id: 'controls', label: 'Controls' },
          { id: 'charts', label: 'Charts', count: 8 },
          { id: 'dense', label: 'Many points' },
        ]}
        current={tab}
        onChange={(id) => setQuery({ tab: id })}
      >
        {tab === 'charts' ? <Charts /> : tab === 'dense' ? <Dense /> : <Controls />}
      </Tabs>
    </Page>
  )
}

function Controls() {
  const [fruit, setFruit] = useState<string | null>(null)
  const [at, setAt] = useState<string | null>('2026-03-04T05:06:00.000Z')
  const [words, setWords] = useState<readonly string[]>(['red'])
  const [isAsking, setAsking] = useState(false)
  const [said, say] = useState('nothing')
  const [heard, hear] = useState(0)
  useLive(['samples'], (change) => change && hear((before) => before + change.count))
  return (
    <div style={COLUMNS}>
      <Menu
        label="Actions"
        items={[
          { id: 'one', label: 'First', onSelect: () => say('first') },
          { id: 'two', label: 'Second', onSelect: () => say('second') },
          {
            id: 'three',
            label: 'Not now',
            isDisabled: true,
            isSeparated: true,
            onSelect: () => say('never'),
          },
        ]}
      />
      <p role="status">Chosen: {said}</p>
      <p>Heard: {heard}</p>
      <Combobox
        label="Fruit"
        value={fruit}
        options={FRUIT.map((label) => ({ value: label.toLowerCase(), label }))}
        onValue={setFruit}
      />
      <DateField label="When" value={at} onValue={setAt} />
      <p>Instant: {at ?? 'none'}</p>
      <ListField label="Words" values={words} onValues={setWords} />
      <button type="button" onClick={() => setAsking(true)}>
        Erase
      </button>
      {isAsking && (
        <Confirm
          title="Erase all fruit?"
          action="Erase for good"
          typed="fruit"
          onConfirm={() => {
            say('erased')
          }}
          onClose={() => setAsking(false)}
        >
          <p>Nobody can bring it back.</p>
        </Confirm>
      )}
      <button
        type="button"
        onClick={() => toast('Fruit removed', { action: { label: 'Undo', run: () => say('undone') } })}
      >
        Remove
      </button>
      <button
        type="button"
        onClick={() => exportCsv('fruit.csv', [{ label: 'Fruit', value: (row: string) => row }], FRUIT)}
      >
        Save
      </button>
      <Stat label="Sold" value="€1,234" change={0.12} to="/samples" />
      <Stat label="Refunded" value="12" change={0.5} isInverse hint="of 120" />
      <Progress label="Import" done={30} total={100} />
      <KeyValue
        facts={[
          { label: 'Colour', value: 'Red' },
          { label: 'Taste', value: null },
        ]}
      />
      <Timeline
        label="What happened"
        entries={[
          { id: '3', at: '2026-03-04T15:00:00Z', title: 'Was eaten', icon: 'check' },
          {
            id: '2',
            at: '2026-03-04T09:30:00Z',
            title: 'Fell',
            children: <p class="quiet">From the tree</p>,
          },
          { id: '1', at: '2026-03-01T08:00:00Z', title: 'Ripened' },
        ]}
      />
    </div>
  )
}

function Charts() {
  const three = ['North', 'South', 'West'].map((name, n) => ({ name, values: wave(n * 5, 8) }))
  return (
    <div style={{ display: 'grid', gap: '16px' }}>
      <LineChart
        title="How much was sold each day?"
        labels={DAYS}
        series={[
          { name: 'This month', values: wave(0) },
          { name: 'Last month', values: wave(9).map((value, n) => (n > 10 && n < 14 ? null : value)) },
        ]}
      />
      <BarChart title="Which region sold most?" labels={DAYS.slice(0, 8)} series={three} />
      <StackedChart title="What made up the total?" labels={DAYS.slice(0, 8)} series={three} />
      <BarChart
        title="Did it rise or fall?"
        labels={FRUIT}
        series={[{ name: 'Change', values: [12, -8, 3, -15] }]}
      />
      <HeatChart
        title="When do people buy?"
        labels={Array.from({ length: 12 }, (_, n) => `${n * 2}h`)}
        series={['Mon', 'Tue', 'Wed'].map((name, n) => ({ name, values: wave(n * 7, 12) }))}
      />
      <LineChart title="Is there one point?" labels={['Only']} series={[{ name: 'One', values: [7] }]} />
      <LineChart title="Is there anything?" labels={[]} series={[{ name: 'None', values: [] }]} />
    </div>
  )
}

const MANY = Array.from({ length: 5000 }, (_, n) => n)

function Dense() {
  return (
    <LineChart
      title="What do five thousand points look like?"
      labels={MANY.map((n) => `P${n}`)}
      series={[
        { name: 'One', values: MANY.map((n) => Math.sin(n / 50) * 100) },
        { name: 'Two', values: MANY.map((n) => Math.cos(n / 80) * 60 + 20) },
      ]}
    />
  )
}
