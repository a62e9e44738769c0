import { MAX_DEPTH, MAX_NODES, type EditorField, type Leaf } from '@clientele/conditions'
import { resolve } from 'node:path'
import { OPERATOR_WORDS, TYPE_WORDS } from './condition-words.ts'
import { installedTypes, type InstalledType } from './installed-types.ts'
import { table } from './table.ts'

/** Where the page stands. */
export const CONDITIONS_PAGE = resolve(import.meta.dirname, '../../docs/reference/conditions.md')

/** The page as the condition types say it. */
export function conditionsPage(): string {
  const types = installedTypes()
  return [
    INTRODUCTION,
    typeTable(types),
    OPERATORS,
    ...operatorSections(types),
    MEANING,
    exampleSections(types),
  ]
    .map((part) => part.trim())
    .join('\n\n')
    .concat('\n')
}

const INTRODUCTION = `
# Conditions

A condition is a question about one customer, as JSON. \`POST /api/v1/segments/preview\` counts who meets it.

\`\`\`json
{
  "all": [
    { "type": "attribute", "field": "country", "operator": "is", "value": "BR" },
    {
      "any": [
        { "type": "metric", "field": "totalSpend", "operator": "gte", "value": 500 },
        { "type": "trait", "name": "plan", "operator": "is", "value": "pro" }
      ]
    }
  ]
}
\`\`\`

This page is written by \`npm run docs:reference\` from the condition types of the packages; a test holds it equal and
runs its examples on both databases. \`GET /api/v1/segments/language\` says the same of the plugins that you installed: as
JSON Schema, and for editors type by type.

## Groups

| group                         | met when            | empty     |
| ----------------------------- | ------------------- | --------- |
| \`{ "all": […] }\`              | every part is       | everybody |
| \`{ "any": […] }\`              | some part is        | nobody    |
| \`{ "not": … }\`                | the part is not     |           |
| \`{ "atLeast": k, "of": […] }\` | k parts or more are | refused   |

At most ${MAX_DEPTH} levels and ${MAX_NODES} groups and rules together. Unknown types, fields and operators are refused
with the nearest known names; every wrong place is named by its path (\`all.0.field\`).

In TypeScript the same is written with builders, whose questions are those that a field's type allows:
\`where(customer.country).is('BR').and(customer.createdAt.inLast('90d'))\`. \`toJSON()\` gives the JSON.

## Types`

const OPERATORS = `
## Operators

An operator and its complement are exact opposites: each customer meets one of the two, also where the value is missing.`

const WINDOWS = table(
  ['window', 'is'],
  [
    [
      '`{ "last": { "amount": 7, "unit": "day" } }`',
      'rolling: the 7 × 24 hours that end now, to the millisecond',
    ],
    [
      '`{ "calendar": "month", "from": -1, "to": -1 }`',
      'whole periods of the tenant’s calendar, counted from the current one, which is 0',
    ],
    [
      '`{ "from": "2026-01-01T00:00:00Z", "to": "2026-02-01T00:00:00Z" }`',
      'between two instants, the second left out; either may be missing',
    ],
  ],
)

const RANKED_BY = installedTypes()
  .flatMap(({ type }) => (type.measure ? [`\`${type.name}\``] : []))
  .join(', ')

const MEANING = `
## Windows

${WINDOWS}

Units of rolling time are \`minute\`, \`hour\`, \`day\` and \`week\`; periods of the calendar are \`day\`, \`week\` (from
Monday), \`month\`, \`quarter\` and \`year\`. The two have different names because they are different: on Monday morning
"the last 7 days" began last Monday morning, "this week" begins today. Nothing is rounded.

## Ranking

\`top\` and \`percentile\` rank customers against each other. \`by\` is a rule without its comparison, of a type whose rules
compare numbers: ${RANKED_BY}. Its own \`within\` and \`where\` say which orders or events make the number.

- **Everybody is ranked**, whatever stands beside the rule: \`all\` of a country and a \`top\` of 100 are those of the 100
  who live there.
- **Who has no such number is not ranked** and meets neither rule. Counts and sums of 0 over orders, refunds and events
  are as good as none; a field that holds 0 is ranked.
- **Equal numbers** are in the order of ids: who came first has the better place, so \`top\` has as many as it says, or
  all that are ranked.
- **Percentile**: over the n ranked customers, the least number first, the p-th has the percentile rank 100 × p / n: CUME_DIST
  of the SQL standard (ISO/IEC 9075-2), no two customers sharing a rank. \`from\` is left out and \`to\` belongs to it, so ranges
  that follow each other share nobody and leave nobody out. \`90\` to \`100\` are the tenth with the greatest numbers.
- **Memberships** of a segment that ranks are not moved by each change: it is ranked anew every ten minutes, and says as
  of when.

## Meaning, once and for all

- **A missing value** meets no positive operator and meets every complement: a customer without a country meets
  \`isNot "BR"\`. There is no third answer, and \`not\` around any part swaps met and not met, for everybody.
- **The future** has not happened: an event or an order that lies after now does not count until its time comes, and
  \`inLast\` leaves later instants out.
- **Customers who are removed** meet no condition, not even an empty \`all\`, until they are restored.
- **Text** compares exactly in \`is\` and \`in\`; the partial operators fold A to Z and nothing else, on every database.
  There are no regular expressions.
- **Traits** and other values in JSON have the type they were sent with: \`"10"\` is not \`10\`. Operator and value say which
  type is asked; a value of another type counts as missing, JSON null too. A \`path\` leads through objects by their keys,
  not into lists.
- **Dates in texts**: operators about time read a text that is a day (\`1990-05-04\`) or an instant in UTC
  (\`1990-05-04T09:30:00Z\`, with any fraction, \`+00:00\` too). Other texts count as missing. A day begins in the tenant’s
  zone where it is compared with an instant.
- **Zones**: days, weeks, months and hours are those of the tenant’s zone (\`timeZone\` in its settings). What the calendar
  shows (\`anniversary\`, \`age\`, \`dayOfWeek\`, \`dayOfMonth\`, \`month\`, \`hour\`) is read from a text as it is written: a birthday is the
  same day everywhere. For instants, clocks are read as they are set between 1970 and 2050.
- **29 February** comes round on the 28th in other years; an age is completed on 1 March.
- **Money** is written in major units of the tenant’s reporting currency: \`500\` is 500.00.
- **Time moves memberships exactly**: for each customer the engine knows the next instant at which an answer changes by
  itself, and asks again then.`

interface Row {
  readonly operator: string
  readonly complement: string | undefined
  readonly value: string
}

const KINDS: readonly (readonly [title: string, kinds: readonly string[]])[] = [
  ['Every value', ['json']],
  ['Texts', ['text']],
  ['Numbers and money', ['integer', 'number', 'money']],
  ['Yes and no', ['boolean']],
  ['Instants, and texts that are dates', ['timestamp']],
  ['Lists in JSON', ['array']],
]

function typeTable(types: readonly InstalledType[]): string {
  const rows = types.map(({ type, from }) => [
    `\`${type.name}\``,
    TYPE_WORDS[type.name] ?? '',
    type.scope === 'population' ? 'the population' : 'a customer',
    from,
  ])
  return table(['type', 'asks about', 'decided by', 'from'], rows)
}

/** The operators of columns and traits, each kind once. */
function operatorSections(types: readonly InstalledType[]): readonly string[] {
  const shown = new Set<string>()
  const columns = types.filter(({ type }) => 'trait attribute metric'.includes(type.name))
  return KINDS.map(([title, kinds]) => {
    const fields = columns.flatMap(({ type }) =>
      type.editor.fields.filter((field) => kinds.includes(field.kind)).map((field) => ({ type, field })),
    )
    const names = [...new Set(fields.flatMap(({ field }) => field.operators))]
    const positive = names.filter((name) => OPERATOR_WORDS[name] !== undefined)
    const rows = positive
      .filter((name) => !shown.has(`${title.length}${name}`))
      .filter((name) => title === 'Every value' || !EVERYWHERE.includes(name))
      .map((name): Row => {
        const complement = complementOf(name, names)
        const example = fields.flatMap(({ type, field }) => exampleOf(type.examples ?? [], name, field))[0]
        return {
          operator: name,
          complement,
          value: example === undefined ? '' : `\`${JSON.stringify(example)}\``,
        }
      })
    for (const { operator } of rows) shown.add(`${title.length}${operator}`)
    return `### ${title}\n\n${table(
      ['operator', 'complement', 'value', 'met when'],
      rows.map(({ operator, complement, value }) => [
        `\`${operator}\``,
        complement ? `\`${complement}\`` : '',
        value,
        OPERATOR_WORDS[operator]!,
      ]),
    )}`
  })
}

const EVERYWHERE = ['isSet', 'isNotEmpty', 'typeIs']

/** `isNot` of `is`, `notIn` of `in`, `includesNone` of `includesAny`. */
function complementOf(name: string, names: readonly string[]): string | undefined {
  const upper = name.charAt(0).toUpperCase() + name.slice(1)
  const candidates = [
    `not${upper}`,
    `${name}Not`,
    name.replace(/^is/, 'isNot'),
    name.replace('NotEmpty', 'Empty'),
    name.replace('Any', 'None'),
    name.replace(/^has/, 'hasNo'),
    name.replace('In', 'NotIn'),
  ]
  return candidates.find((one) => one !== name && names.includes(one) && !OPERATOR_WORDS[one])
}

function exampleOf(examples: readonly Leaf[], operator: string, field: EditorField): readonly unknown[] {
  return examples
    .filter((one) => one['operator'] === operator && one['value'] !== undefined)
    .filter((one) =>
      'field' in one ? one['field'] === field.name : fits(operator, one['value'], field.kind),
    )
    .map((one) => one['value'])
}

/** Of a trait, these operators have examples of several kinds. */
function fits(operator: string, value: unknown, kind: string): boolean {
  if (!['is', 'in', 'between'].includes(operator)) return true
  const first: unknown = Array.isArray(value) ? value[0] : value
  const types: Readonly<Record<string, string>> = { text: 'string', timestamp: 'string', boolean: 'boolean' }
  return typeof first === (types[kind] ?? 'number')
}

/** The examples of types that are not made of operators alone. */
function exampleSections(types: readonly InstalledType[]): string {
  const sections = types
    .filter(({ type }) => type.examples && type.examples.length < 20)
    .map(({ type }) => {
      const lines = type.examples!.map((one) => JSON.stringify(one))
      return `### ${type.name}\n\n\`\`\`jsonl\n${lines.join('\n')}\n\`\`\``
    })
  return `## Examples of the other types\n\n${sections.join('\n\n')}`
}
