/** What charts say, in Portuguese. */
export const chartsPt: Readonly<Record<string, string>> = {
  'chart.table': 'Tabela',
  'chart.empty': 'Não há valores para isto.',
  'chart.cursor': 'Valores de: {title}',
}
