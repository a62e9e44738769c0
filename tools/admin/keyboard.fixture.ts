import type { Page } from 'playwright-core'

/** Goes on with the key until the focus is on something of that name. */
export async function tabTo(page: Page, name: string | RegExp, key = 'Tab'): Promise<void> {
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press(key)
    const shown = await page.evaluate(() => {
      const at = document.activeElement as HTMLInputElement | null
      return at?.getAttribute('aria-label') ?? at?.labels?.[0]?.textContent ?? at?.textContent ?? ''
    })
    if (typeof name === 'string' ? shown.trim() === name : name.test(shown)) return
  }
  throw new Error(`The focus never came to ${String(name)}`)
}

/** Takes the mouse away: from the next page on, whatever is pressed or tapped is an error of the page. */
export async function withoutMouse(page: Page): Promise<void> {
  await page.addInitScript(() => {
    for (const kind of ['pointerdown', 'mousedown', 'touchstart'])
      addEventListener(
        kind,
        (event) => {
          event.preventDefault()
          event.stopImmediatePropagation()
          throw new Error(`There is no mouse here, and yet a ${kind}`)
        },
        { capture: true },
      )
  })
}
