/** Saves what the page has as a file. @param name of the file: `customer-7.json` */
export function saveFile(name: string, content: Blob): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser reads it after the click; how long that takes, nobody tells.
  setTimeout(() => URL.revokeObjectURL(url), 60_000)
}
