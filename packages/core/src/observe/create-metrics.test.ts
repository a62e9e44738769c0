import { expect, test } from 'vitest'
import { createMetrics } from './create-metrics.ts'

test('counters, gauges and histograms are printed as Prometheus reads them', async () => {
  const metrics = createMetrics()
  const sent = metrics.counter('notes_sent_total', { help: 'Notes\nby "channel".', labels: ['channel'] })
  sent.of('e"mail\\').add()
  sent.of('e"mail\\').add(2)
  metrics.gauge('notes_open', { help: 'Open notes.' }).of().set(1.5)
  const size = metrics.histogram('notes_bytes', { help: 'Size.', buckets: [1, 10] }).of()
  for (const value of [0.5, 1, 7, 700]) size.observe(value)

  expect(await metrics.text()).toBe(`# HELP notes_sent_total Notes\\nby "channel".
# TYPE notes_sent_total counter
notes_sent_total{channel="e\\"mail\\\\"} 3
# HELP notes_open Open notes.
# TYPE notes_open gauge
notes_open 1.5
# HELP notes_bytes Size.
# TYPE notes_bytes histogram
notes_bytes_bucket{le="1"} 2
notes_bytes_bucket{le="10"} 3
notes_bytes_bucket{le="+Inf"} 4
notes_bytes_sum 708.5
notes_bytes_count 4
`)
})

test('a metric declared twice is one, and not two of different kinds', () => {
  const metrics = createMetrics()
  const options = { help: 'Notes.', labels: ['channel'] }
  const first = metrics.counter('notes_total', options)

  expect(metrics.counter('notes_total', options)).toBe(first)
  expect(() => metrics.gauge('notes_total', options)).toThrow('it is a counter with the labels [channel]')
  expect(() => metrics.counter('notes_total', { help: 'Notes.' })).toThrow('choose another name')
  expect(() => metrics.counter('notes-total', options)).toThrow('"notes-total" is not of lower-case letters')
  expect(() => first.of('mail', 'more')).toThrow('it has 1 labels and got 2 values')
})

test('values of a label without end are counted together', async () => {
  const metrics = createMetrics()
  const seen = metrics.counter('seen_total', { help: 'Seen.', labels: ['who'] })
  for (let i = 0; i < 5000; i++) seen.of(`person-${i}`).add()

  const text = await metrics.text()
  expect(text.match(/^seen_total/gm)).toHaveLength(1001)
  expect(text).toContain('seen_total{who="other"} 4000\n')
})

test('a reader that fails keeps no number back', async () => {
  const metrics = createMetrics()
  const open = metrics.gauge('open', { help: 'Open.' }).of()
  metrics.beforeRead(() => {
    throw new Error('no database')
  })
  const end = metrics.beforeRead(async () => open.set(7))

  expect(await metrics.text()).toContain('open 7\n')
  end()
  open.set(8)
  expect(await metrics.text()).toContain('open 8\n')
})
