import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { chromium, type Browser } from 'playwright-core'
import { onTestFinished, type TestContext } from 'vitest'

/**
 * A Chromium of our own, closed when the test ends. Where none starts (a machine without its libraries) the test is
 * skipped and says so.
 */
export async function openBrowser({ skip }: TestContext): Promise<Browser> {
  const browser = await launchChromium()
  if (!browser) return skip('no Chromium starts here; set CLIENTELE_CHROMIUM to one that does')
  onTestFinished(() => browser.close())
  return browser
}

/**
 * A Chromium that the caller closes: the one that npm brought, unpacked once into node_modules/.cache, or that of
 * `CLIENTELE_CHROMIUM`. Null, and a line that says why, where none starts.
 */
export async function launchChromium(): Promise<Browser | null> {
  try {
    return await chromium.launch({
      executablePath: process.env['CLIENTELE_CHROMIUM'] ?? (await unpacked()),
      // Its sandbox needs rights that containers do not give. No page but ours is opened.
      args: ['--no-sandbox', '--disable-background-networking', '--lang=en-US'],
    })
  } catch (error) {
    console.warn(`no Chromium starts here: ${String(error).split('\n', 1)[0]}; set CLIENTELE_CHROMIUM`)
    return null
  }
}

/** It unpacks into the system's temporary folder and takes what lies there, so it gets one of its own. */
async function unpacked(): Promise<string> {
  const folder = resolve(import.meta.dirname, '../../node_modules/.cache/chromium')
  mkdirSync(folder, { recursive: true })
  const before = process.env['TMPDIR']
  process.env['TMPDIR'] = folder
  try {
    const { default: packed } = await import('@sparticuz/chromium')
    return await packed.executablePath()
  } finally {
    if (before === undefined) delete process.env['TMPDIR']
    else process.env['TMPDIR'] = before
  }
}
