/** An order that an import finds, or has just made. */
export interface OrderKey {
  readonly id: string
  readonly version: number
  readonly customerId: string | null
}
