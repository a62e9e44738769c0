import type { Page } from 'playwright-core'
import { sdkWords } from '../../packages/admin-sdk/src/words/sdk-words.ts'
import { listsEn } from '../../packages/admin-sdk/src/words/lists.en.ts'
import { listsPt } from '../../packages/admin-sdk/src/words/lists.pt.ts'
import { en as accountsEn } from '../../packages/admin/app/accounts/words/en.ts'
import { pt as accountsPt } from '../../packages/admin/app/accounts/words/pt.ts'
import { en as shellEn } from '../../packages/admin/app/words/en.ts'
import { pt as shellPt } from '../../packages/admin/app/words/pt.ts'

type Words = Readonly<Record<string, string>>

/** The catalogues of the shell, of the SDK and of its accounts pages, in English and Portuguese. */
export const SHELL_WORDS: readonly (readonly [en: Words, pt: Words])[] = [
  [shellEn, shellPt],
  [accountsEn, accountsPt],
  [sdkWords['en']!, sdkWords['pt']!],
  [listsEn, listsPt],
]

/**
 * What a page in Portuguese still says in English, or as the key of a text.
 * @param catalogues in pairs: English, Portuguese
 * @param names what people called something, which is the same in every language
 */
export async function leftoversOf(
  page: Page,
  catalogues: readonly (readonly [en: Words, pt: Words])[],
  names: readonly string[] = [],
): Promise<readonly string[]> {
  const keys = new Set(catalogues.flatMap(([en]) => Object.keys(en)).filter((key) => /[._]/.test(key)))
  const english = patternsOf(catalogues)
  const said = await page.evaluate(textsOf)
  return [...new Set(said)].filter(
    (text) => !names.includes(text) && (keys.has(text) || english.some((pattern) => pattern.test(text))),
  )
}

/** English texts that are others in Portuguese, with anything in the place of their values. */
function patternsOf(catalogues: readonly (readonly [Words, Words])[]): readonly RegExp[] {
  const portuguese = new Set(catalogues.flatMap(([, pt]) => Object.values(pt)))
  return catalogues
    .flatMap(([en]) => Object.values(en))
    .filter((text) => !portuguese.has(text) && /[a-z]{3}/i.test(text.replaceAll(/\{\w+\}/g, '')))
    .map(patternOf)
}

function patternOf(text: string): RegExp {
  const parts = text.split(/\{\w+\}/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`))
  return new RegExp(`^${parts.join('.+')}$`)
}

/** Runs in the page: all that it shows or has read out. */
function textsOf(): readonly string[] {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const texts: string[] = [document.title]
  for (let node = walker.nextNode(); node; node = walker.nextNode())
    if (!node.parentElement?.closest('script, style')) texts.push(node.textContent ?? '')
  for (const name of ['aria-label', 'placeholder', 'title', 'alt'])
    for (const one of document.querySelectorAll(`[${name}]`)) texts.push(one.getAttribute(name) ?? '')
  return texts.map((text) => text.trim()).filter(Boolean)
}
