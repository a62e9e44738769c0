/** What text and its background must differ by, for people to read it: WCAG 2.2, 1.4.3. */
const CONTRAST = 4.5

/** The colour, mixed with black or white as far as it takes to be read on the background. */
export function readableOn(color: string, background: string): string {
  const wanted = channels(color)
  const behind = channels(background)
  const toward = luminance(behind) > 0.18 ? 0 : 255
  for (let step = 0; step <= 20; step++) {
    const mixed = wanted.map((part) => Math.round(part + ((toward - part) * step) / 20))
    if (contrast(mixed, behind) >= CONTRAST) return hex(mixed)
  }
  return hex([toward, toward, toward])
}

function contrast(a: readonly number[], b: readonly number[]): number {
  const [dark, light] = [luminance(a), luminance(b)].toSorted((x, y) => x - y)
  return (light! + 0.05) / (dark! + 0.05)
}

/** Relative luminance of sRGB, 0 for black and 1 for white. */
function luminance([red = 0, green = 0, blue = 0]: readonly number[]): number {
  const linear = (part: number): number => {
    const share = part / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }
  return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
}

function channels(color: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
}

function hex(parts: readonly number[]): string {
  return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`
}
