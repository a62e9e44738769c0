import { expect, test } from 'vitest'
import { en as accountsEn } from '../accounts/words/en.ts'
import { pt as accountsPt } from '../accounts/words/pt.ts'
import { en } from './en.ts'
import { pt } from './pt.ts'

type Words = Readonly<Record<string, string>>

test.for<readonly [string, Words, Words]>([
  ['the shell', en, pt],
  ['the pages for whoever is not signed in', accountsEn, accountsPt],
])('all texts of %s are there in both languages, with the same values', ([, english, portuguese]) => {
  expect(Object.keys(portuguese).toSorted()).toEqual(Object.keys(english).toSorted())
  for (const [key, text] of Object.entries(english))
    expect([key, valuesIn(portuguese[key]!)]).toEqual([key, valuesIn(text)])
})

function valuesIn(text: string): readonly string[] {
  return (text.match(/\{\w+\}/g) ?? []).toSorted()
}
