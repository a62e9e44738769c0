/** What charts say, in English. */
export const chartsEn: Readonly<Record<string, string>> = {
  'chart.table': 'Table',
  'chart.empty': 'There are no values for this.',
  'chart.cursor': 'Values of: {title}',
}
