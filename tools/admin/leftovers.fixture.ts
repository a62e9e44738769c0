import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Page } from 'playwright-core'

type Words = Readonly<Record<string, string>>
type Pair = readonly [en: Words, pt: Words]

const ROOT = resolve(import.meta.dirname, '../..')
const CATALOGUES = 'packages/{admin/app,admin-sdk/src}/**/words/{en,*.en}.ts'

/** All catalogues of the shell, of its accounts pages and of the SDK, in English and Portuguese. */
export function shellWords(): Promise<readonly Pair[]> {
  return Promise.all(
    globSync(CATALOGUES, { cwd: ROOT }).map(
      async (file) => [await wordsIn(file), await wordsIn(file.replace(/en\.ts$/, 'pt.ts'))] as const,
    ),
  )
}

/** A catalogue is all that its file exports. */
async function wordsIn(file: string): Promise<Words> {
  const exported = (await import(resolve(ROOT, file))) as Readonly<Record<string, Words>>
  return Object.assign({}, ...Object.values(exported)) as Words
}

/**
 * What a page in Portuguese still says in English, or as the key of a text.
 * @param catalogues in pairs: English, Portuguese
 * @param names what people called something, which is the same in every language
 */
export async function leftoversOf(
  page: Page,
  catalogues: readonly Pair[],
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
function patternsOf(catalogues: readonly Pair[]): readonly RegExp[] {
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
