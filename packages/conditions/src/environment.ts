/** What holds for a whole evaluation: all leaves see the same instant. */
export interface Environment {
  /** Milliseconds since 1970; relative windows end here. */
  readonly now: number
  /** Decimals of the reporting currency: 2 for EUR, 0 for JPY. Money in conditions is in major units. */
  readonly currencyDigits: number
  /** The tenant's IANA zone: days, weeks and months of conditions are those of its calendar. */
  readonly timeZone: string
}
