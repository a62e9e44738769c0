import { locale, type Row } from '@clientele/admin-sdk'

/** A customer as the API answers it. What plugins add to its rows they show by `columns` and `details` of theirs. */
export interface CustomerRow extends Row {
  readonly id: string
  readonly firstName: string | null
  readonly lastName: string | null
  readonly email: string | null
  readonly phone: string | null
  readonly status: string
  readonly country: string | null
  readonly locale: string | null
  readonly timeZone: string | null
  readonly acceptsMarketing: boolean
  readonly traits: Readonly<Record<string, unknown>>
  readonly source: string | null
  readonly externalId: string | null
  readonly createdAt: string
}

/** Of the API. */
export const CUSTOMERS = '/api/v1/customers'

/** `BR` as people read it: Brazil. */
export function countryName(code: string | null): string | null {
  if (!code) return null
  try {
    return new Intl.DisplayNames(locale(), { type: 'region' }).of(code) ?? code
  } catch {
    return code
  }
}
