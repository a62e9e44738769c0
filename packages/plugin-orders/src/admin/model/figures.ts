/** What a customer's orders add up to; amounts in the smallest unit of `currency`. */
export interface CustomerFigures {
  readonly currency: string
  readonly orderCount: number
  readonly totalSpend: number
  readonly averageOrderValue: number
  readonly lastOrderAt: string | null
}
