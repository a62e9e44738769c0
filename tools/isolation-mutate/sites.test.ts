import { expect, test } from 'vitest'
import { sitesOf, without } from './sites.ts'

const text = `
where = this.bind('select.from', where, source)
where = this.hide(where, source)
rows = this.stamp('insert.rows', rows, target)
  // tenant-site: repo.insert
  record['tenantId'] = tenant
`

test('calls and marked lines are sites', () => {
  expect(sitesOf('a.ts', text).map(({ name, kind }) => [name, kind])).toEqual([
    ['select.from', 'call'],
    ['insert.rows', 'call'],
    ['repo.insert', 'line'],
  ])
})

test('one site is taken away, the others stay', () => {
  const [first, , last] = sitesOf('a.ts', text)
  expect(without(text, first!)).toContain(
    "where = ((_site, untouched, ..._) => untouched)('select.from', where, source)\n",
  )
  expect(without(text, first!)).toContain("this.stamp('insert.rows', rows, target)")
  expect(without(text, last!)).toContain("\n//  record['tenantId'] = tenant\n")
})
