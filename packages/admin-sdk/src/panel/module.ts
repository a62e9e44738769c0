import type { ComponentType } from 'preact'
import { base } from '../navigation/base.ts'
import { manifest, type ModuleDescription } from './manifest.ts'
import { SDK_VERSION } from './sdk-version.ts'

/** What a plugin's built panels export: components by name. */
export type PanelModule = Readonly<Record<string, ComponentType<Record<string, unknown>> | undefined>>

/** Why a plugin's code is not there. */
export class PanelError extends Error {
  /** A key of the catalogues, which names the way out. */
  readonly key: string
  readonly values: Readonly<Record<string, string>>

  constructor(key: string, values: Readonly<Record<string, string>>, options?: ErrorOptions) {
    super(key, options)
    this.name = 'PanelError'
    this.key = key
    this.values = values
  }
}

/** The longest that a page waits for a plugin's code, in milliseconds. */
const PATIENCE = 8000

const loading = new Map<string, Promise<PanelModule>>()

/**
 * The code of a plugin's panels; loaded once, when first needed.
 * @throws PanelError naming what is wrong with it
 */
export function loadModule(plugin: string): Promise<PanelModule> {
  let module = loading.get(plugin)
  if (!module) {
    module = load(plugin)
    loading.set(plugin, module)
    // Whoever tries again finds out again.
    module.catch(() => loading.delete(plugin))
  }
  return module
}

async function load(plugin: string): Promise<PanelModule> {
  const known: ModuleDescription | undefined = manifest.peek()?.modules[plugin]
  if (isSafeMode()) throw new PanelError('panel.safe_mode', { plugin })
  if (!known?.entry) throw new PanelError('panel.not_built', { plugin })
  if (!known.works)
    throw new PanelError('panel.other_sdk', { plugin, wanted: known.sdk, present: SDK_VERSION })
  if (known.css) addStyles(plugin, base.api + known.css)
  const url = base.api + known.entry
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new PanelError('panel.slow', { plugin, seconds: String(PATIENCE / 1000) })),
      PATIENCE,
    )
  })
  try {
    return (await Promise.race([import(url), patience])) as PanelModule
  } catch (error) {
    if (error instanceof PanelError) throw error
    throw new PanelError('panel.refused', { plugin }, { cause: error })
  } finally {
    clearTimeout(timer)
  }
}

/** `?safe=1` starts the panel without any plugin's code. */
export function isSafeMode(): boolean {
  return new URLSearchParams(location.search).get('safe') === '1' || sessionStorage.getItem('safe') === '1'
}

function addStyles(plugin: string, href: string): void {
  const id = `styles-${plugin}`
  if (document.getElementById(id)) return
  const link = document.createElement('link')
  link.id = id
  link.rel = 'stylesheet'
  link.href = href
  document.head.append(link)
}
