/** A customer, as lists of them show one. */
export interface Person {
  readonly id: string
  readonly firstName?: string | null
  readonly lastName?: string | null
  readonly email?: string | null
}

/** What a customer is called: by name, by address, or by the end of the id. */
export function nameOf({ id, firstName, lastName, email }: Person): string {
  return [firstName, lastName].filter(Boolean).join(' ') || email || id.slice(-8)
}
