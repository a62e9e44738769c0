// All charts are loaded together, with the first of them.
import { chartsEn } from '../words/charts.en.ts'
import { chartsPt } from '../words/charts.pt.ts'

export { CartesianChart } from './cartesian-chart.tsx'
export { HeatChart } from './heat-chart.tsx'
export const words = { en: chartsEn, pt: chartsPt }
