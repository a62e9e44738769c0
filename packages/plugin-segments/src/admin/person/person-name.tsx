import { Link } from '@clientele/admin-sdk'
import type { Person } from '../preview/use-preview.ts'

/** What a customer is called: by name, by address, or by the end of the id. */
export function nameOf({ id, firstName, lastName, email }: Person): string {
  return [firstName, lastName].filter(Boolean).join(' ') || email || id.slice(-8)
}

/** A name that leads to the customer. */
export function PersonLink({ person }: { readonly person: Person }) {
  return <Link to={`/customers?open=${person.id}`}>{nameOf(person)}</Link>
}
