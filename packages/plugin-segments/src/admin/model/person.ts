/** A customer, as lists of them show one. */
export interface Person {
  readonly id: string
  readonly firstName?: string | null
  readonly lastName?: string | null
  readonly email?: string | null
  readonly externalId?: string | null
}

/** What a customer is called: by name, by address, by the number elsewhere, or by the end of the id. */
export function nameOf({ id, firstName, lastName, email, externalId }: Person): string {
  return [firstName, lastName].filter(Boolean).join(' ') || email || externalId || id.slice(-8)
}
