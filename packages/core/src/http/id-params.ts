import * as z from 'zod'
import { uuidSchema } from '../entity/column.ts'

/** The path parameters of a route over one row: `/api/v1/customers/:id`. */
export const idParams = z.object({ id: uuidSchema })
