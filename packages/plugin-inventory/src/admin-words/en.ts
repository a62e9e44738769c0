/** What the panels of products say, in English. */
export const en: Readonly<Record<string, string>> = {
  'entity.products': 'Products',
  'entity.stockMovements': 'Stock movements',
  'field.products.name': 'Name',
  'field.products.sku': 'SKU',
  'field.products.description': 'Description',
  'field.products.price': 'Price',
  'field.products.category': 'Category',
  'field.products.lowStockAt': 'Low from',
  'field.products.status': 'Status',
  'field.products.status.active': 'Active',
  'field.products.status.archived': 'Archived',
  'field.products.stock.quantity': 'Stock',
  'field.products.source': 'Source',
  'field.products.externalId': 'Number elsewhere',
  'field.products.createdAt': 'Created',
}
