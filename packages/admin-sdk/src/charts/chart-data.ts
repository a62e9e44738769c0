/** One row of values, one for each label; null where there is none. */
export interface ChartSeries {
  readonly name: string
  readonly values: readonly (number | null)[]
}

/** What every chart is given. */
export interface ChartProps {
  /** The question that it answers: `How much was sold each day?` */
  readonly title: string
  /** What the values belong to, in their order: days, countries. */
  readonly labels: readonly string[]
  readonly series: readonly ChartSeries[]
  /** A value as people read it. @default a number of their language */
  readonly format?: (value: number) => string
  /** A label as people read it. @default as it is */
  readonly showLabel?: (label: string) => string
  /** Of the drawing, in pixels. @default 240 */
  readonly height?: number
  /** What stands where there are no values. */
  readonly empty?: string
}

/** The values between which a chart is drawn, and where its lines stand. */
export interface Scale {
  readonly min: number
  readonly max: number
  readonly ticks: readonly number[]
}

/** A scale with round lines that holds all values, and zero. */
export function scaleOf(values: readonly number[], lines = 4): Scale {
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)]
  // Nothing but zeros: there is a line for them, and room above.
  const step = roundStep((high - low || 1) / lines)
  const [first, last] = [
    Math.floor(low / step),
    Math.max(Math.ceil(high / step), low === high ? 1 : -Infinity),
  ]
  const ticks = Array.from({ length: last - first + 1 }, (_, at) => round((first + at) * step))
  return { min: ticks[0]!, max: ticks.at(-1)!, ticks }
}

/** 1, 2 or 5 times a power of ten. */
function roundStep(rough: number): number {
  const power = 10 ** Math.floor(Math.log10(rough))
  const factor = [1, 2, 5, 10].find((one) => one * power >= rough * 0.999_999) ?? 10
  return factor * power
}

/** Sums of tenths are no tenths: 0.1 + 0.2. */
function round(value: number): number {
  return Number(value.toPrecision(12))
}

/** From where to where each value of stacked series reaches; negative ones go down from zero. */
export function stacked(
  series: readonly ChartSeries[],
  count: number,
): readonly (readonly [number, number])[][] {
  const up = Array.from({ length: count }, () => 0)
  const down = Array.from({ length: count }, () => 0)
  return series.map(({ values }) =>
    Array.from({ length: count }, (_, at) => {
      const value = values[at] ?? 0
      const sums = value < 0 ? down : up
      const from = sums[at]!
      sums[at] = from + value
      return [from, from + value] as const
    }),
  )
}

/** Every so manieth label is drawn, so that none stands on another. */
export function labelStep(count: number, width: number, longest: number): number {
  const room = Math.min(120, longest * 7 + 12)
  return Math.max(1, Math.ceil((count * room) / Math.max(1, width)))
}

/** About the width of a letter, in pixels. */
const LETTER = 7
/** Between two labels. */
const GAP = 8

/**
 * The labels for which there is room, and where their middles stand: those at the ends are moved inside, and whatever
 * would stand on the one before is left out.
 *
 * @param x where the value of a label stands; it may run to the left
 */
export function placedLabels(
  labels: readonly string[],
  width: number,
  x: (at: number) => number,
): readonly { readonly text: string; readonly middle: number }[] {
  const longest = labels.reduce((most, label) => Math.max(most, label.length), 0)
  const step = labelStep(labels.length, width, longest)
  const room = Math.floor(((step * width) / Math.max(1, labels.length) - GAP) / LETTER)
  const placed: { readonly text: string; readonly middle: number }[] = []
  for (let at = 0; at < labels.length; at += step) {
    const text = shortened(labels[at]!, Math.max(4, room))
    const half = (text.length * LETTER) / 2
    const middle = Math.max(half, Math.min(width - half, x(at)))
    const before = placed.at(-1)
    const apart = before ? Math.abs(middle - before.middle) - (before.text.length * LETTER) / 2 : Infinity
    if (apart >= half + GAP) placed.push({ text, middle })
  }
  return placed
}

/** A text no longer than so many characters. */
export function shortened(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, Math.max(1, most - 1))}…` : text
}
