/** What the import of a file says, in Portuguese. */
export const importsPt: Readonly<Record<string, string>> = {
  'import.go': 'Importar',
  'import.try': 'Testar',
  'import.file': 'Arquivo CSV',
  'import.file.help':
    'A primeira linha nomeia as colunas. Vírgula, ponto e vírgula ou tabulação, em qualquer codificação.',
  'import.columns': 'O que as colunas se tornam',
  'import.column': 'Coluna',
  'import.example': 'Primeira linha',
  'import.becomes': 'Torna-se',
  'import.becomes.of': '{column} torna-se',
  'import.leave_out': 'Deixar de fora',
  'import.dry': 'Só testar: não gravar nada e dizer o que seria recusado',
  'import.refused.title': 'Das primeiras linhas estas seriam recusadas; as outras são importadas:',
  'import.refused': 'Linha {line}: {reason}',
  'import.started': 'O arquivo está sendo lido. Você pode continuar.',
  'import.figures': '{inserted} novos, {updated} alterados, {failed} recusados',
  'import.tried': 'Nada foi gravado. Seria: {figures}',
  'import.undone': 'A importação foi desfeita',
}
