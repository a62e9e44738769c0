interface Lot {
  readonly invoice: string
  left: number
  readonly earlier: Lot | undefined
}

/**
 * What every customer bought and has not given back: it answers to which order a refund belongs, which the file does
 * not say.
 */
export class PurchasesLeft {
  readonly #lots = new Map<string, Map<string, Lot>>()

  bought(customer: string, code: string, invoice: string, quantity: number): void {
    let byCode = this.#lots.get(customer)
    if (!byCode) this.#lots.set(customer, (byCode = new Map()))
    byCode.set(code, { invoice, left: quantity, earlier: byCode.get(code) })
  }

  /**
   * The latest order from which the customer still has some of it; null when nothing is left. Takes the pieces off, from
   * earlier orders too when that one had too few.
   */
  gaveBack(customer: string, code: string, quantity: number): string | null {
    const byCode = this.#lots.get(customer)
    let lot = byCode?.get(code)
    if (!byCode || !lot) return null
    const { invoice } = lot
    let pieces = quantity
    while (lot && lot.left <= pieces) {
      pieces -= lot.left
      lot = lot.earlier
    }
    if (lot) {
      lot.left -= pieces
      byCode.set(code, lot)
    } else byCode.delete(code)
    return invoice
  }
}
