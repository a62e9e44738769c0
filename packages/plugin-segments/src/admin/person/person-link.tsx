import { Link } from '@clientele/admin-sdk'
import { nameOf, type Person } from '../model/person.ts'

/** A name that leads to the customer. */
export function PersonLink({ person }: { readonly person: Person }) {
  return <Link to={`/customers?open=${person.id}`}>{nameOf(person)}</Link>
}
