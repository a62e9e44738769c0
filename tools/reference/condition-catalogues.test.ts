import { expect, test } from 'vitest'
import { cataloguesIn, missingWords } from './condition-catalogues.ts'
import { installedTypes } from './installed-types.ts'

const LOCALES = ['en', 'pt']

test.for(LOCALES)('every condition type has its words in %s, from the plugin that brings it', (locale) => {
  expect([...new Set(missingWords(installedTypes(), cataloguesIn(locale)))]).toEqual([])
})

test('a type whose plugin says nothing is told, even where the builder says it', () => {
  const types = installedTypes().filter(({ type }) => type.name === 'tag')
  const { shared, ofPackage } = cataloguesIn('en')
  const all = { ...shared, ...ofPackage('plugin-customers') }
  expect(missingWords(types, { shared: all, ofPackage: () => ({}) })).toEqual([
    'conditions.tag.title',
    'conditions.from.customers',
  ])
  expect(missingWords(types, { shared: {}, ofPackage: () => ({}) })).toContain(
    'conditions.tag.parameter.name',
  )
})

test('the builder speaks for no type of another plugin', () => {
  const others = installedTypes().filter(({ from }) => from !== 'plugin-segments' && from !== 'conditions')
  const spoken = Object.keys(cataloguesIn('en').shared).filter((key) =>
    others.some(
      ({ type }) => key === `conditions.${type.name}` || key.startsWith(`conditions.${type.name}.`),
    ),
  )
  expect(spoken).toEqual([])
})

test.for(
  installedTypes()
    .map(({ from }) => from)
    .filter((from, at, all) => all.indexOf(from) === at),
)('what %s says of conditions in English, it says in Portuguese', (from) => {
  const [en, pt] = LOCALES.map((locale) =>
    Object.keys(cataloguesIn(locale).ofPackage(from)).filter((key) => key.startsWith('conditions.')),
  )
  expect(pt).toEqual(en)
})
