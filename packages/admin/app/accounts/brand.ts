import { ApiError, call } from '@clientele/admin-sdk'
import { signal, type ReadonlySignal } from '@preact/signals'

/** Whose pages these are. */
export interface Brand {
  readonly name: string
  readonly logoUrl: string | null
  readonly color: string
  readonly darkColor: string
  readonly registration: 'open' | 'invite'
  /** Nobody runs this installation yet. */
  readonly needsOperator: boolean
}

const current = signal<Brand | 'none' | ApiError | undefined>(undefined)

/** `none`: this instance has no accounts. An error: nobody knows. Undefined: not asked yet. */
export const brand: ReadonlySignal<Brand | 'none' | ApiError | undefined> = current

/** Asks whose host name this is, and puts their colours on the page. */
export async function loadBrand(): Promise<void> {
  try {
    const known = await call<Brand>('/api/auth/brand')
    current.value = known
    wear(known)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    // A host name of no tenant is a 404 as well, and says so.
    current.value = error.status === 404 && !error.code.startsWith('auth.') ? 'none' : error
  }
}

function wear({ color, darkColor }: Brand): void {
  const { style } = document.documentElement
  style.setProperty('--brand', `light-dark(${color}, ${darkColor})`)
  style.setProperty('--on-brand', `light-dark(${inkOn(color)}, ${inkOn(darkColor)})`)
}

/** Black or white, whichever is read better. WCAG 2.2, relative luminance. */
function inkOn(color: string): string {
  const [red, green, blue] = [1, 3, 5].map((at) => {
    const share = Number.parseInt(color.slice(at, at + 2), 16) / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.179 ? '#000' : '#fff'
}
