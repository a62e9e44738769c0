export const docsPage = ''
export const docsScript = ''
export const docsStyle = ''
