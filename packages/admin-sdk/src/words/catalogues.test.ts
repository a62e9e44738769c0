import { expect, test } from 'vitest'
import { chartsEn } from './charts.en.ts'
import { chartsPt } from './charts.pt.ts'
import { en } from './en.ts'
import { importsEn } from './imports.en.ts'
import { importsPt } from './imports.pt.ts'
import { listsEn } from './lists.en.ts'
import { listsPt } from './lists.pt.ts'
import { pt } from './pt.ts'

test.for([
  [en, pt],
  [listsEn, listsPt],
  [importsEn, importsPt],
  [chartsEn, chartsPt],
] as const)('every text is there in both languages, with the same values', ([english, portuguese]) => {
  expect(Object.keys(portuguese)).toEqual(Object.keys(english))
  for (const [key, text] of Object.entries(english))
    expect([key, valuesOf(portuguese[key]!)]).toEqual([key, valuesOf(text)])
})

function valuesOf(text: string): readonly string[] {
  return [...text.matchAll(/\{\w+\}/g)].map(String).toSorted()
}
