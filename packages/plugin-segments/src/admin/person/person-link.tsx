import { Link, personName, type Person } from '@clientele/admin-sdk'

/** A name that leads to the customer. */
export function PersonLink({ person }: { readonly person: Person }) {
  return <Link to={`/customers?open=${person.id}`}>{personName(person)}</Link>
}
