import { idParams, route } from '@clientele/core'
import * as z from 'zod'
import { segmentSql } from './segment-sql.ts'

const statement = z.object({
  sql: z.string(),
  parameters: z.array(z.unknown()).describe('In the order of the placeholders; bytes as hexadecimal digits'),
})

/** For those who want to know why a segment is slow. */
export const sqlRoutes = {
  sql: route.get({
    path: '/api/v1/segments/:id/sql',
    permission: 'segments:write',
    summary: 'The SQL of a segment, how many rows are expected, and what a count took',
    description: 'Counts once, and writes nothing.',
    params: idParams,
    response: z.object({
      count: statement,
      members: statement.describe('The ids of whoever meets the condition'),
      estimatedRows: z
        .number()
        .nullable()
        .describe('By PostgreSQL’s planner; null on SQLite, which has none'),
      actualCount: z.number().int(),
      took: z.number().describe('Milliseconds of the count, waiting included'),
    }),
    handler: ({ params }, ctx) => segmentSql(ctx, params.id) as never,
  }),
}
