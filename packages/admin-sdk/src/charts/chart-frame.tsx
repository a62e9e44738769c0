import type { ComponentChildren } from 'preact'
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks'
import { Icon } from '../ui/icon.tsx'
import { fmt, t } from '../words/words.ts'
import { ChartTable } from './chart-table.tsx'
import type { ChartProps } from './chart-data.ts'
import { LOOKS, Patterns, Swatch } from './marks.tsx'

/** The place of a drawing, in pixels. */
export interface Plot {
  readonly width: number
  readonly height: number
  readonly isRight: boolean
  /** Names of patterns: `url(#<id>-0)`. */
  readonly id: string
}

interface ChartFrameProps extends ChartProps {
  /** Stops of the cursor: labels, or cells. */
  readonly stops: number
  /** How far Up and Down go. */
  readonly row?: number
  /** What a stop says. */
  readonly say: (stop: number) => string
  /** Where a stop stands, in shares of the width; for the line and the note beside it. */
  readonly share: (stop: number) => number
  /** Which stop is nearest to a place, in shares of width and height. */
  readonly nearest: (x: number, y: number) => number
  readonly isLine?: boolean
  /** Names of the series stand below. @default as soon as there are two */
  readonly hasLegend?: boolean
  /** Room at the side for the numbers, in pixels. */
  readonly side: number
  readonly draw: (plot: Plot, cursor: number | null) => ComponentChildren
  /** Painted beneath the drawing. */
  readonly ground?: (plot: Plot) => ComponentChildren
}

/** Below the drawing, for the labels, in pixels. */
export const FOOT = 26

/**
 * What all charts have in common: the question as its title, names of the series, a cursor for mouse and arrow keys that
 * tells the values, and the same values as a table.
 */
export function ChartFrame(props: ChartFrameProps) {
  const {
    title,
    labels,
    series,
    stops,
    row = 1,
    say,
    share,
    nearest,
    side,
    draw,
    ground,
    height = 240,
  } = props
  const { format = fmt.number, showLabel = String, isLine = false, hasLegend = series.length > 1 } = props
  const [isTable, setTable] = useState(false)
  const [cursor, setCursor] = useState<number | null>(null)
  const [size, setSize] = useState({ width: 0, isRight: false })
  const box = useRef<HTMLDivElement>(null)
  const id = useId()
  useLayoutEffect(() => {
    const element = box.current
    if (!element) return
    const measure = (): void =>
      setSize({ width: element.clientWidth, isRight: getComputedStyle(element).direction === 'rtl' })
    measure()
    const watch = new ResizeObserver(measure)
    watch.observe(element)
    return () => watch.disconnect()
  }, [isTable])
  const isEmpty = series.every(({ values }) => values.every((value) => value === null || value === undefined))
  const plot: Plot = {
    width: Math.max(0, size.width - side),
    height: height - FOOT,
    isRight: size.isRight,
    id,
  }
  const at = cursor === null ? null : Math.min(cursor, stops - 1)
  const place = at === null ? 0 : share(at)
  return (
    <figure class="chart" aria-labelledby={`${id}-title`}>
      <figcaption>
        <span id={`${id}-title`}>{title}</span>
        {!isEmpty && (
          <button type="button" class="plain" aria-pressed={isTable} onClick={() => setTable(!isTable)}>
            <Icon name="columns" />
            {t('chart.table')}
          </button>
        )}
      </figcaption>
      {isEmpty ? (
        <p class="quiet no-data" style={{ minHeight: `${height}px` }}>
          {props.empty ?? t('chart.empty')}
        </p>
      ) : isTable ? (
        <ChartTable title={title} labels={labels} series={series} format={format} showLabel={showLabel} />
      ) : (
        <div ref={box} class="plot" style={{ height: `${height}px` }}>
          {plot.width > 0 && (
            <>
              {ground?.(plot)}
              <svg width={size.width} height={height} aria-hidden="true">
                <Patterns id={id} count={series.length} />
                <g transform={`translate(${size.isRight ? 0 : side},8)`}>
                  {draw({ ...plot, height: plot.height - 8 }, at)}
                </g>
              </svg>
              <div
                role="slider"
                tabIndex={0}
                class="cursor"
                style={{ insetInlineStart: `${side}px`, height: `${plot.height}px` }}
                aria-label={t('chart.cursor', { title })}
                aria-valuemin={0}
                aria-valuemax={stops - 1}
                aria-valuenow={at ?? 0}
                aria-valuetext={say(at ?? 0)}
                onFocus={() => setCursor(at ?? 0)}
                onBlur={() => setCursor(null)}
                onPointerMove={(event) => {
                  const { left, width, top, height: tall } = event.currentTarget.getBoundingClientRect()
                  const x = (event.clientX - left) / width
                  setCursor(nearest(size.isRight ? 1 - x : x, (event.clientY - top) / tall))
                }}
                onPointerLeave={(event) => document.activeElement !== event.currentTarget && setCursor(null)}
                onKeyDown={(event) => {
                  const next = moved(event.key, at ?? 0, { stops, row, isRight: size.isRight })
                  if (next === undefined) return
                  event.preventDefault()
                  setCursor(next)
                }}
              >
                {at !== null && (
                  <div
                    class={place > 0.6 ? 'values before' : 'values'}
                    style={{ insetInlineStart: `${place * 100}%` }}
                  >
                    {say(at)
                      .split('\n')
                      .map((line) => (
                        <div key={line}>{line}</div>
                      ))}
                  </div>
                )}
              </div>
            </>
          )}
        </div>
      )}
      {hasLegend && !isTable && !isEmpty && (
        <ul class="legend">
          {series.map(({ name }, place) => (
            <li key={name}>
              <Swatch at={place % LOOKS} id={id} isLine={isLine} />
              {name}
            </li>
          ))}
        </ul>
      )}
    </figure>
  )
}

function moved(
  key: string,
  at: number,
  { stops, row, isRight }: { readonly stops: number; readonly row: number; readonly isRight: boolean },
): number | undefined {
  const steps: Record<string, number> = {
    ArrowRight: isRight ? -1 : 1,
    ArrowLeft: isRight ? 1 : -1,
    ArrowUp: row === 1 ? 1 : -row,
    ArrowDown: row === 1 ? -1 : row,
    PageUp: Math.max(row, Math.ceil(stops / 10)),
    PageDown: -Math.max(row, Math.ceil(stops / 10)),
    Home: -stops,
    End: stops,
  }
  const step = steps[key]
  if (step === undefined) return undefined
  const next = at + step
  // In a grid nobody jumps from the last row to another column.
  if (row > 1 && (next < 0 || next >= stops) && (key === 'ArrowUp' || key === 'ArrowDown')) return at
  return Math.max(0, Math.min(stops - 1, next))
}
