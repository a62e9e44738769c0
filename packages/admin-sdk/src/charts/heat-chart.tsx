import { fmt } from '../words/words.ts'
import { labelStep, shortened, type ChartProps } from './chart-data.ts'
import { ChartFrame, FOOT } from './chart-frame.tsx'

/** The height of a row, in pixels. */
const ROW = 30

/** A grid of cells, the stronger the larger: a series is a row, a label a column. Cells say their value where it fits. */
export function HeatChart({ height, ...props }: ChartProps) {
  const { labels, series, format = fmt.number, showLabel = String } = props
  const [columns, rows] = [labels.length, series.length]
  const all = series.flatMap(({ values }) => values.filter((value) => value !== null))
  const most = all.reduce((so, value) => Math.max(so, Math.abs(value)), 0)
  const side = Math.min(150, Math.max(3, ...series.map(({ name }) => name.length)) * 7 + 14)
  const cellOf = (stop: number): readonly [number, number] => [stop % columns, Math.floor(stop / columns)]
  return (
    <ChartFrame
      {...props}
      height={height ?? rows * ROW + FOOT + 8}
      hasLegend={false}
      stops={columns * rows}
      row={columns}
      side={side}
      share={(stop) => (cellOf(stop)[0] + 0.5) / columns}
      nearest={(x, y) => {
        const at = Math.max(0, Math.min(columns - 1, Math.floor(x * columns)))
        return Math.max(0, Math.min(rows - 1, Math.floor(y * rows))) * columns + at
      }}
      say={(stop) => {
        const [column, row] = cellOf(stop)
        const value = series[row]?.values[column]
        return `${series[row]?.name}, ${showLabel(labels[column] ?? '')}\n${typeof value === 'number' ? format(value) : '–'}`
      }}
      draw={({ width, height: tall, isRight }, cursor) => {
        const [wide, high] = [width / columns, tall / rows]
        const x = (column: number): number => (isRight ? columns - 1 - column : column) * wide
        const step = labelStep(
          columns,
          width,
          labels.reduce((longest, label) => Math.max(longest, showLabel(label).length), 0),
        )
        return (
          <>
            {series.map(({ name, values }, row) => (
              <g key={name}>
                <text
                  x={isRight ? width + 8 : -8}
                  y={(row + 0.5) * high}
                  dy="0.32em"
                  text-anchor={isRight ? 'start' : 'end'}
                >
                  {shortened(name, Math.floor((side - 14) / 7))}
                </text>
                {labels.map((_, column) => {
                  const value = values[column]
                  const text = typeof value === 'number' ? format(value) : ''
                  const strength = typeof value === 'number' && most > 0 ? Math.abs(value) / most : 0
                  return (
                    <g key={column} class={(value ?? 0) < 0 ? 'look-1' : 'look-0'}>
                      <rect
                        class={cursor === row * columns + column ? 'cell here' : 'cell'}
                        x={x(column) + 1}
                        y={row * high + 1}
                        width={Math.max(1, wide - 2)}
                        height={Math.max(1, high - 2)}
                        rx="3"
                        style={{ '--strength': `${Math.round(8 + strength * 92)}%` }}
                      />
                      {text.length * 7 + 6 < wide && (
                        <text
                          class={strength > 0.72 ? 'on-strong' : 'on-weak'}
                          x={x(column) + wide / 2}
                          y={(row + 0.5) * high}
                          dy="0.32em"
                          text-anchor="middle"
                        >
                          {text}
                        </text>
                      )}
                    </g>
                  )
                })}
              </g>
            ))}
            {labels.map((label, column) =>
              column % step === 0 ? (
                <text key={column} x={x(column) + wide / 2} y={tall + 18} text-anchor="middle">
                  {shortened(showLabel(label), Math.max(3, Math.floor((wide * step) / 7)))}
                </text>
              ) : null,
            )}
          </>
        )
      }}
    />
  )
}
