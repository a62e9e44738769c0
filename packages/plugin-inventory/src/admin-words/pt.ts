/** What the panels of products say, in Portuguese. */
export const pt: Readonly<Record<string, string>> = {
  'entity.products': 'Produtos',
  'entity.stockMovements': 'Movimentos de estoque',
  'field.products.name': 'Nome',
  'field.products.sku': 'SKU',
  'field.products.description': 'Descrição',
  'field.products.price': 'Preço',
  'field.products.category': 'Categoria',
  'field.products.lowStockAt': 'Baixo a partir de',
  'field.products.status': 'Situação',
  'field.products.status.active': 'Ativo',
  'field.products.status.archived': 'Arquivado',
  'field.products.stock.quantity': 'Estoque',
  'field.products.source': 'Origem',
  'field.products.externalId': 'Número em outro sistema',
  'field.products.createdAt': 'Criado em',
}
