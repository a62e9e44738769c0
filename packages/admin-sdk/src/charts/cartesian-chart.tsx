import { lazily } from '../ui/lazily.tsx'
import { fmt } from '../words/words.ts'
import { placedLabels, scaleOf, stacked, type ChartProps, type Scale } from './chart-data.ts'
import { ChartFrame, type Plot } from './chart-frame.tsx'
import type { DenseLinesProps } from './dense-lines.tsx'
import { DASHES, LOOKS } from './marks.tsx'

interface CartesianProps extends ChartProps {
  readonly kind: 'line' | 'bar' | 'stack'
}

/** From this many points on lines are painted rather than drawn: a drawing would take long. */
const MANY = 2000

const DenseLines = /* @__PURE__ */ lazily<DenseLinesProps>(async () => {
  const { DenseLines: component } = await import('./dense-lines.tsx')
  return { component }
})

/** Lines, bars side by side, or bars on each other. */
export function CartesianChart({ kind, ...props }: CartesianProps) {
  const { labels, series, format = fmt.number, showLabel = String } = props
  const count = labels.length
  const stacks = kind === 'stack' ? stacked(series, count) : null
  const values = stacks
    ? stacks.flat(2)
    : series.flatMap(({ values: own }) => own.filter((one) => one !== null))
  const scale = scaleOf(extremes(values))
  const isDense = kind === 'line' && count > MANY
  // Lines begin and end at the edges, bars need room.
  const share = (at: number): number =>
    kind === 'line' ? (count === 1 ? 0.5 : at / (count - 1)) : (at + 0.5) / count
  const side = Math.min(110, Math.max(...scale.ticks.map((tick) => format(tick).length)) * 7 + 14)
  return (
    <ChartFrame
      {...props}
      stops={count}
      side={side}
      isLine={kind === 'line'}
      share={share}
      nearest={(x) =>
        Math.max(
          0,
          Math.min(count - 1, kind === 'line' ? Math.round(x * (count - 1)) : Math.floor(x * count)),
        )
      }
      say={(at) =>
        [
          showLabel(labels[at] ?? ''),
          ...series.map(({ name, values: own }) => {
            const value = own[at]
            return `${name}: ${typeof value === 'number' ? format(value) : '–'}`
          }),
        ].join('\n')
      }
      ground={
        isDense ? (plot) => <DenseLines series={series} scale={scale} side={side} plot={plot} /> : () => null
      }
      draw={(plot, cursor) => {
        const x = (at: number): number => plot.width * (plot.isRight ? 1 - share(at) : share(at))
        const y = (value: number): number => plot.height * (1 - (value - scale.min) / (scale.max - scale.min))
        return (
          <>
            <Axes plot={plot} scale={scale} labels={labels.map(showLabel)} x={x} y={y} format={format} />
            {cursor !== null && <path class="at" d={`M${x(cursor)} 0V${plot.height}`} />}
            {kind === 'line'
              ? !isDense && <Lines series={series} x={x} y={y} cursor={cursor} />
              : series.map((one, place) => (
                  <Bars
                    key={one.name}
                    pattern={`url(#${plot.id}-${place % LOOKS})`}
                    spans={stacks?.[place] ?? one.values.map((value) => [0, value ?? 0] as const)}
                    x={x}
                    y={y}
                    band={plot.width / count}
                    part={stacks ? [0, 1] : [place, series.length]}
                    isRight={plot.isRight}
                  />
                ))}
          </>
        )
      }}
    />
  )
}

/** Thousands of values are too many arguments for Math.min. */
function extremes(values: readonly number[]): readonly number[] {
  let [low, high] = [0, 0]
  for (const value of values) {
    if (value < low) low = value
    if (value > high) high = value
  }
  return [low, high]
}

interface AxesProps {
  readonly plot: Plot
  readonly scale: Scale
  readonly labels: readonly string[]
  readonly x: (at: number) => number
  readonly y: (value: number) => number
  readonly format: (value: number) => string
}

function Axes({ plot: { width, height, isRight }, scale, labels, x, y, format }: AxesProps) {
  return (
    <>
      {scale.ticks.map((tick) => (
        <g key={tick}>
          <path class={tick === 0 ? 'zero' : 'grid'} d={`M0 ${y(tick)}H${width}`} />
          <text x={isRight ? width + 8 : -8} y={y(tick)} dy="0.32em" text-anchor={isRight ? 'start' : 'end'}>
            {format(tick)}
          </text>
        </g>
      ))}
      {placedLabels(labels, width, x).map(({ text, middle }, at) => (
        <text key={at} x={middle} y={height + 18} text-anchor="middle">
          {text}
        </text>
      ))}
    </>
  )
}

interface LinesProps {
  readonly series: ChartProps['series']
  readonly x: (at: number) => number
  readonly y: (value: number) => number
  readonly cursor: number | null
}

function Lines({ series, x, y, cursor }: LinesProps) {
  return (
    <>
      {series.map(({ name, values }, place) => {
        const alone = values.flatMap((value, at) =>
          typeof value === 'number' && (values[at - 1] ?? null) === null && (values[at + 1] ?? null) === null
            ? [[at, value] as const]
            : [],
        )
        const value = cursor === null ? undefined : values[cursor]
        const dots = typeof value === 'number' ? [...alone, [cursor!, value] as const] : alone
        return (
          <g key={name} class={`look-${place % LOOKS}`}>
            <path class="line" d={pathOf(values, x, y)} stroke-dasharray={DASHES[place % LOOKS]} />
            {dots.map(([at, one]) => (
              <circle key={at} class="dot" cx={x(at)} cy={y(one)} r="4" />
            ))}
          </g>
        )
      })}
    </>
  )
}

/** A line that is broken where a value is missing. */
function pathOf(
  values: readonly (number | null)[],
  x: (at: number) => number,
  y: (value: number) => number,
): string {
  let path = ''
  let isDown = false
  values.forEach((value, at) => {
    if (typeof value === 'number') path += `${isDown ? 'L' : 'M'}${x(at).toFixed(1)} ${y(value).toFixed(1)}`
    isDown = typeof value === 'number'
  })
  return path
}

interface BarsProps {
  readonly pattern: string
  readonly spans: readonly (readonly [number, number])[]
  readonly x: (at: number) => number
  readonly y: (value: number) => number
  /** Room for one label, in pixels. */
  readonly band: number
  /** Which of how many stand side by side. */
  readonly part: readonly [number, number]
  readonly isRight: boolean
}

function Bars({ pattern, spans, x, y, band, part: [place, parts], isRight }: BarsProps) {
  const whole = Math.min(band * 0.72, 64 * parts)
  const width = Math.max(1, whole / parts - (parts > 1 ? 1 : 0))
  const before = (whole / parts) * (isRight ? parts - 1 - place : place) - whole / 2
  return (
    <>
      {spans.map(([from, to], at) =>
        from === to ? null : (
          <rect
            key={at}
            fill={pattern}
            x={x(at) + before}
            y={Math.min(y(from), y(to))}
            width={width}
            height={Math.max(1, Math.abs(y(from) - y(to)))}
            rx={Math.min(2, width / 4)}
          />
        ),
      )}
    </>
  )
}
