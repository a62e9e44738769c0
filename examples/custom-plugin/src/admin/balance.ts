/** Where balances come from. */
export const BALANCES = '/api/v1/loyalty/balances'

export interface Balance {
  readonly customerId: string
  readonly email: string | null
  readonly points: number
}
