import {
  ConditionTypes,
  createLanguage,
  evaluateCondition,
  growthOf,
  type Condition,
  type Facts,
} from '@clientele/conditions'
import { fromTimestamp } from '@clientele/core'
import { Customer, customers } from '@clientele/plugin-customers'
import { createTestClientele, seededRandom, type SeededRandom } from '@clientele/testing'
import { expect, test } from 'vitest'
import { randomEvent, randomEventsLeaf } from './events.fixture.ts'
import { NOWS, ZONES } from './instants.fixture.ts'

const SEED = 20_261_121
const ROUNDS = process.env['CLIENTELE_LONG'] === '1' ? 200_000 : 6000

test(`whoever has the lasting answer keeps it at every instant when events come (seed ${SEED})`, async () => {
  const shop = await createTestClientele({ plugins: [customers()] })
  const language = createLanguage(Customer, shop.as().ctx.extensions(ConditionTypes))
  const random = seededRandom(SEED)
  let [kept, turned] = [0, 0]
  for (let round = 0; round < ROUNDS; round++) {
    const condition = randomCondition(random, (leaf) => language.parse(leaf))
    const { lasting, wavering } = growthOf(language, condition)
    const fewer = eventsOf(random, 25)
    const more = [...fewer, ...eventsOf(random, 3)].toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
    const environment = { now: random.pick(NOWS), timeZone: random.pick(ZONES), currencyDigits: 2 }
    const answers = [fewer, more].map((events): boolean =>
      evaluateCondition(language, condition, factsOf(environment, events)),
    )
    const what = JSON.stringify({ condition, environment, fewer, more })
    if (lasting !== null && wavering.size === 0 && answers[0] === lasting) {
      expect(answers[1], what).toBe(lasting)
      kept++
    } else if (answers[0] !== answers[1]) turned++
  }
  // Where neither answer lasts events do turn them: the same would have been seen where one does.
  expect(kept).toBeGreaterThan(ROUNDS / 20)
  expect(turned).toBeGreaterThan(ROUNDS / 100)
})

const RISING = ['event', 'eventSequence', 'eventPeriods']

interface Happened {
  readonly id: string
  readonly name: string
  readonly at: number
  readonly properties: Readonly<Record<string, unknown>>
}

function randomCondition(random: SeededRandom, parse: (leaf: unknown) => Condition): Condition {
  const leaf = (): Condition => {
    const made = randomEventsLeaf(random)
    // Of most types neither answer lasts.
    return RISING.includes(made.type) || random.number() < 0.1 ? parse(made) : leaf()
  }
  return random.pick<() => Condition>([
    leaf,
    leaf,
    () => ({ not: leaf() }),
    () => ({ all: [leaf(), { not: leaf() }] }),
    () => ({ any: [leaf(), leaf()] }),
    () => ({ atLeast: 2, of: [leaf(), leaf(), leaf()] }),
  ])()
}

function eventsOf(random: SeededRandom, most: number): readonly Happened[] {
  return Array.from({ length: Math.floor(random.number() * (most + 1)) }, () => {
    const { name, properties, occurredAt } = randomEvent(random)
    return { id: random.number().toString(36), name, properties, at: fromTimestamp(occurredAt) }
  }).toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
}

function factsOf(environment: Omit<Facts, 'row' | 'rows'>, events: readonly Happened[]): Facts {
  return { ...environment, row: () => ({}), rows: <R>() => events as readonly unknown[] as readonly R[] }
}
