import { call } from '@clientele/admin-sdk'
import { signal } from '@preact/signals'

/** A code that is on its way. Kept in this window only: it holds what has to be sent again for another one. */
export interface AskedCode {
  readonly requestId: string
  readonly email: string
  /** Asks for another one. */
  readonly again: () => Promise<void>
}

/** The code that somebody waits for. */
export const asked = signal<AskedCode | null>(null)

/** Asks for a code by mail; the answer is the same whether there is such an account or not. */
export async function askCode(
  path: string,
  body: { readonly email: string; readonly [field: string]: string },
): Promise<void> {
  const { requestId } = await call<{ requestId: string }>(path, { body })
  asked.value = { requestId, email: body.email, again: () => askCode(path, body) }
}
