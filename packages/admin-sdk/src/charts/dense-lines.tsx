import { useEffect, useRef, useState } from 'preact/hooks'
import Painter from 'uplot'
import type { ChartSeries, Scale } from './chart-data.ts'
import type { Plot } from './chart-frame.tsx'
import { DASHES, LOOKS } from './marks.tsx'

/** What is painted, and where. */
export interface DenseLinesProps {
  readonly series: readonly ChartSeries[]
  readonly scale: Scale
  readonly side: number
  readonly plot: Plot
}

/** Lines of thousands of points, painted; lines of the scale, names and cursor are those of every chart. */
export function DenseLines({ series, scale, side, plot: { width, height, isRight } }: DenseLinesProps) {
  const ref = useRef<HTMLDivElement>(null)
  const [theme, setTheme] = useState(0)
  useEffect(() => {
    const changed = (): void => setTheme((before) => before + 1)
    const media = matchMedia('(prefers-color-scheme: dark)')
    media.addEventListener('change', changed)
    const watch = new MutationObserver(changed)
    watch.observe(document.documentElement, { attributes: true })
    return () => {
      media.removeEventListener('change', changed)
      watch.disconnect()
    }
  }, [])
  useEffect(() => {
    const box = ref.current!
    const points = Math.max(...series.map(({ values }) => values.length))
    const painter = new Painter(
      {
        width,
        height: height - 8,
        padding: [0, 0, 0, 0],
        legend: { show: false },
        cursor: { show: false },
        axes: [{ show: false }, { show: false }],
        scales: {
          x: { time: false, range: [0, points - 1], dir: isRight ? -1 : 1 },
          y: { range: [scale.min, scale.max] },
        },
        series: [
          {},
          ...series.map((_, place) => ({
            stroke: colourOf(box, place % LOOKS),
            width: 1.5,
            dash: DASHES[place % LOOKS]!.split(' ').filter(Boolean).map(Number),
            points: { show: false },
          })),
        ],
      },
      [Array.from({ length: points }, (_, at) => at), ...series.map(({ values }) => [...values])],
      box,
    )
    return () => painter.destroy()
  }, [series, scale.min, scale.max, width, height, isRight, theme])
  return <div ref={ref} class="dense" aria-hidden="true" style={{ insetInlineStart: `${side}px` }} />
}

/** A canvas knows no custom properties: the colour is asked of an element that has it. */
function colourOf(box: HTMLElement, look: number): string {
  const probe = document.createElement('i')
  probe.className = `look-${look}`
  box.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
