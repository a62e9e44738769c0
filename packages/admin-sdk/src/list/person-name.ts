/** What somebody may be called by. */
export interface Person {
  readonly id: string
  readonly firstName?: string | null
  readonly lastName?: string | null
  readonly email?: string | null
  readonly phone?: string | null
  /** The number they have elsewhere. */
  readonly externalId?: string | null
}

/** What a person is called: by name, e-mail, phone, the number elsewhere, or by the end of the id. */
export function personName(person: Person): string {
  const { id, email, phone, externalId } = person
  return fullName(person) ?? (email || phone || externalId || id.slice(-8))
}

/** First and last name as far as they are known; undefined where neither is. */
export function fullName({ firstName, lastName }: Omit<Person, 'id'>): string | undefined {
  return [firstName, lastName].filter(Boolean).join(' ') || undefined
}
