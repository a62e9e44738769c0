import { expect, test } from 'vitest'
import { csvOf } from './export-csv.ts'

test('cells are quoted where they need it, and no spreadsheet runs them', () => {
  const rows = ['plain', 'a,b', 'say "hi"', 'two\nlines', '=1+1', '-5', null]
  expect(
    csvOf(
      [
        { label: 'What', value: (row) => row },
        { label: 'n', value: () => -5 },
      ],
      rows,
    ),
  ).toBe(
    [
      'What,n',
      'plain,-5',
      '"a,b",-5',
      '"say ""hi""",-5',
      '"two\nlines",-5',
      "'=1+1,-5",
      "'-5,-5",
      ',-5',
      '',
    ].join('\r\n'),
  )
})
