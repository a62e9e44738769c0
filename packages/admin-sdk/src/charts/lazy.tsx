import { lazily } from '../ui/lazily.tsx'
import type { ChartProps } from './chart-data.ts'

const Cartesian = /* @__PURE__ */ lazily<ChartProps & { readonly kind: 'line' | 'bar' | 'stack' }>(
  async () => {
    const { CartesianChart: component, words } = await import('./charts.tsx')
    return { component, words }
  },
)

/** How values change: one line for each series. More than 2,000 points are painted, which looks the same. */
export function LineChart(props: ChartProps) {
  return <Cartesian {...props} kind="line" />
}

/** How values compare: bars of all series side by side. */
export function BarChart(props: ChartProps) {
  return <Cartesian {...props} kind="bar" />
}

/** What makes up a whole: bars of all series on each other, negative ones below zero. */
export function StackedChart(props: ChartProps) {
  return <Cartesian {...props} kind="stack" />
}

/** Where much is: a grid of cells, the stronger the larger. A series is a row, a label a column. */
export const HeatChart = /* @__PURE__ */ lazily<ChartProps>(async () => {
  const { HeatChart: component, words } = await import('./charts.tsx')
  return { component, words }
})
