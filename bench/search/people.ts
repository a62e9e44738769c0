import { col, definePlugin, defineEntity, type Migration } from '@clientele/core'
import { seededRandom, type SeededRandom } from '../lib/random.ts'

const columns = {
  firstName: col.text().searchable(),
  lastName: col.text().searchable(),
  email: col.text().searchable(),
  city: col.text().searchable(),
}
export const Person = defineEntity('people', columns)

const create: Migration = {
  up: (m) => m.createTable({ name: 'people', columns }),
  down: (m) => m.dropTable('people'),
}
export const people = definePlugin({
  id: 'people',
  version: '1.0.0',
  requires: { core: '*' },
  entities: [Person],
  migrations: { '0001-people': create },
})

export interface PersonRow {
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly city: string
}

/** The same people for every database: few names are common, most are rare; 40 % have an address at one host. */
export function* peopleRows(count: number): Generator<PersonRow> {
  const random = seededRandom(20_261_121)
  const firstNames = names(random, 2000)
  const lastNames = names(random, 60_000)
  const cities = names(random, 500)
  for (let n = 0; n < count; n++) {
    const firstName = skewed(random, firstNames)
    const lastName = skewed(random, lastNames)
    const host = random.number() < 0.4 ? 'gmail.com' : `${skewed(random, cities).toLowerCase()}.example.com`
    const email = `${firstName}.${lastName}${n}@${host}`.toLowerCase()
    yield { firstName, lastName, email, city: skewed(random, cities) }
  }
}

/** What is asked, kind after kind in turn: the more selective ones, beginnings, and words that many people have. */
export function questions(count: number): readonly string[] {
  const sample = [...peopleRows(2000)]
  const random = seededRandom(7)
  return Array.from({ length: count }, (_, n) => {
    const { firstName, lastName, email, city } = random.pick(sample)
    const kinds = [
      email,
      lastName,
      `${firstName} ${lastName}`,
      `${firstName} ${lastName.slice(0, 3)}`,
      lastName.slice(0, 4),
      firstName,
      `${city} ${firstName.slice(0, 2)}`,
      firstName.slice(0, 3),
      'gmail',
      `gmail ${lastName.slice(0, 2)}`,
    ]
    return kinds[n % kinds.length]!
  })
}

const SYLLABLES = [
  'ba',
  'ca',
  'de',
  'el',
  'fo',
  'gu',
  'ha',
  'in',
  'jo',
  'ka',
  'lu',
  'ma',
  'né',
  'or',
  'pa',
  'qi',
  'ri',
  'sã',
  'ta',
  'ul',
  'va',
  'wö',
  'xe',
  'yo',
  'za',
]

function names(random: SeededRandom, count: number): readonly string[] {
  const made = new Set<string>()
  while (made.size < count) {
    const name = Array.from({ length: 2 + Math.floor(random.number() * 3) }, () =>
      random.pick(SYLLABLES),
    ).join('')
    made.add(name[0]!.toUpperCase() + name.slice(1))
  }
  return [...made]
}

/** The first of the list far more often than the last. */
function skewed(random: SeededRandom, list: readonly string[]): string {
  return list[Math.floor(random.number() ** 3 * list.length)]!
}
