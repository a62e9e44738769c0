import { ExpressionWrapper } from 'kysely'
import type { SqlHelpers } from './sql-helpers.ts'
import { trustedRaw } from './trusted-node.ts'

type CalendarText = Pick<SqlHelpers, 'isoText' | 'wallText'>

/** The texts that `isoText` takes. */
const ISO =
  '^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])' +
  '(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]+)?(Z|[+]00:00))?$'

const pattern = new RegExp(ISO)

/** The same as `SqlHelpers.isoText`, in memory. */
export function isoText(text: string): string | null {
  return pattern.test(text) ? withoutZone(text) : null
}

function withoutZone(text: string): string {
  return text.replace(/(?:Z|\+00:00)$/, '')
}

/** Dates in texts and wall clocks on PostgreSQL. */
export const postgresCalendar: CalendarText = {
  isoText(text) {
    const node = text.toOperationNode()
    return wrap(
      trustedRaw(
        ['(case when ', ` ~ '${ISO}' then replace(rtrim(`, `, 'Z'), '+00:00', '') collate "C" end)`],
        [node, node],
      ),
    )
  },
  wallText: (instant, offset) =>
    wrap(
      trustedRaw(
        [
          "(to_char(timezone('UTC', ",
          ' + cast(',
          ` as float8) * interval '1 millisecond'), 'YYYY-MM-DD"T"HH24:MI') collate "C")`,
        ],
        [instant.toOperationNode(), offset.toOperationNode()],
      ),
    ),
}

const DATE = '[0-9][0-9][0-9][0-9]-[01][0-9]-[0-3][0-9]'
const TIME = 'T[0-2][0-9]:[0-5][0-9]:[0-5][0-9]'

/** The same on SQLite, whose patterns know no alternatives. */
export const sqliteCalendar: CalendarText = {
  isoText: (text) =>
    wrap(
      trustedRaw(
        [
          `(select case when iso glob '${DATE}*' and substr(iso, 6, 2) between '01' and '12'` +
            " and substr(iso, 9, 2) between '01' and '31' and (length(iso) = 10 or (" +
            `substr(iso, 11) glob '${TIME}*' and substr(iso, 12, 2) <= '23' and (` +
            "substr(iso, 20) in ('Z', '+00:00') or (substr(iso, 20, 2) glob '.[0-9]'" +
            " and ltrim(substr(iso, 21), '0123456789') in ('Z', '+00:00')))))" +
            " then replace(rtrim(iso, 'Z'), '+00:00', '') end from (select ",
          ' as iso))',
        ],
        [text.toOperationNode()],
      ),
    ),
  wallText: (instant, offset) =>
    wrap(
      trustedRaw(
        ["strftime('%Y-%m-%dT%H:%M', (", ' + ', ") / 1000.0, 'unixepoch')"],
        [instant.toOperationNode(), offset.toOperationNode()],
      ),
    ),
}

// `any`: helpers fit into queries over any tables.
function wrap(node: ReturnType<typeof trustedRaw>): ExpressionWrapper<any, any, any> {
  return new ExpressionWrapper(node)
}
