import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import type { AxeResults } from 'axe-core'
import type { Page } from 'playwright-core'
import type { AdminWorld } from './admin.fixture.ts'
import { complaintsOf } from './complaints.fixture.ts'

/** Where every inspected screen is written as a picture, in both themes; not in git. */
const SCREENSHOTS = resolve(import.meta.dirname, '../../.screenshots')
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']
const THEMES = ['light', 'dark'] as const
const NARROW = { width: 320, height: 640 } as const

/** A screen, or a state of one, to look at. */
export interface Screen {
  /** Of its pictures: `customers-drawer` becomes `.screenshots/customers-drawer-dark.png`. */
  readonly name: string
  /** Below `/admin`: `/customers?open=1`. */
  readonly path: string
  /** Brings the page into the state that is meant, and waits until it is there. */
  readonly ready: (page: Page) => Promise<unknown>
  /** Whether somebody is signed in. @default true */
  readonly isSignedIn?: boolean
  /** What the browser is bound to say of this state: that a request was refused. @default nothing */
  readonly expects?: RegExp
}

/** What must be known of an installation to look at its screens. */
export type Inspected = Pick<AdminWorld, 'browser' | 'signedIn' | 'url'>

/**
 * Looks at a screen as people with all kinds of needs would: both themes, the rules of WCAG 2.2 AA and good practice,
 * a window of 320 px in both directions of writing, and everything that the browser complains of.
 * @returns one sentence for each thing that is wrong; none when all is well
 */
export async function inspect(world: Inspected, screen: Screen): Promise<readonly string[]> {
  const wrong: string[] = []
  await withPage(world, screen, {}, async (page, complaints) => {
    mkdirSync(SCREENSHOTS, { recursive: true })
    const picture = (kind: string) =>
      page.screenshot({ path: join(SCREENSHOTS, `${screen.name}-${kind}.png`), animations: 'disabled' })
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme })
      await picture(theme)
    }
    await page.setViewportSize(NARROW)
    await picture('narrow')
    for (const direction of ['ltr', 'rtl'] as const) {
      const width = await page.evaluate((dir) => {
        document.documentElement.dir = dir
        return document.documentElement.scrollWidth
      }, direction)
      if (width > NARROW.width) wrong.push(`scrolls sideways at 320 px (${direction}), ${width} px wide`)
    }
    wrong.push(...complaints.filter((one) => !screen.expects?.test(one)))
  })
  await withPage(world, screen, { bypassCSP: true }, async (page) => {
    await page.addScriptTag({ content: AXE })
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme })
      const { violations } = await page.evaluate<AxeResults, readonly string[]>(
        (rules) => globalThis.axe.run(document, { runOnly: { type: 'tag', values: [...rules] } }),
        RULES,
      )
      for (const { id, help, nodes } of violations)
        wrong.push(`${theme}: ${id}: ${help} (${nodes[0]?.html.slice(0, 160)})`)
    }
  })
  return wrong.map((problem) => `${screen.name}: ${problem}`)
}

async function withPage(
  world: Inspected,
  { path, ready, isSignedIn = true }: Screen,
  options: Parameters<Inspected['signedIn']>[0],
  look: (page: Page, complaints: readonly string[]) => Promise<void>,
): Promise<void> {
  const calm = { locale: 'en-US', viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce' } as const
  const context = isSignedIn
    ? await world.signedIn({ ...calm, ...options })
    : await world.browser.newContext({ ...calm, ...options })
  try {
    const page = await context.newPage()
    const complaints = complaintsOf(page)
    await page.goto(`${world.url}/admin${path}`)
    await ready(page)
    await look(page, complaints)
  } finally {
    await context.close()
  }
}

declare global {
  /** As its script leaves it on the page. */
  var axe: { run(context: Document, options: object): Promise<AxeResults> }
}
