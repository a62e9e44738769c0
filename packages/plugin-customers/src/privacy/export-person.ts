import { SubjectRows, type Ctx } from '@clientele/core'
import { Customer } from '../customer/customer.entity.ts'

/** Characters sent at once. */
const PIECE = 65_536

/**
 * Everything that is kept about the customers of a person, as a JSON document: their own rows first, then those of all
 * plugins. It is read while it is sent.
 */
export async function* exportPerson(ctx: Ctx, ids: readonly string[]): AsyncGenerator<string> {
  const head = { customerId: ids[0], customerIds: ids, exportedAt: ctx.now() }
  let text = `${JSON.stringify(head).slice(0, -1)},"rows":[`
  let separator = '\n'
  for (const id of ids) {
    for await (const one of ctx.get(SubjectRows).all(ctx, Customer, id)) {
      text += separator + JSON.stringify(one)
      separator = ',\n'
      if (text.length < PIECE) continue
      yield text
      text = ''
      ctx.signal.throwIfAborted()
    }
  }
  yield `${text}\n]}\n`
}
