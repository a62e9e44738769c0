const LONGEST_NAME = 255

/** What ends a folder, moves a cursor or turns text around has no place in the name of a download. */
// oxlint-disable-next-line no-control-regex -- those are meant
const UNFIT = /[\u0000-\u001F\u007F-\u009F/\\\u2028\u2029\u200E\u200F\u202A-\u202E\u2066-\u2069]/g

/** A name that every system takes for one file in one folder; `file` where nothing is left of it. */
export function cleanFileName(name: string): string {
  const clean = name.toWellFormed().replace(UNFIT, '').trim().slice(0, LONGEST_NAME).toWellFormed()
  return /^\.*$/.test(clean) ? 'file' : clean
}

const CONTENT_TYPE = /^[\w!#$&^.+-]{1,60}\/[\w!#$&^.+-]{1,60}(?:\s*;\s*[\w-]+=(?:[\w.+-]+|"[\w .+-]*"))*$/

/** A content type that can stand in a header; that of unknown bytes where the given one cannot. */
export function cleanContentType(given: string | undefined): string {
  const unknown = 'application/octet-stream'
  return given !== undefined && given.length <= 100 && CONTENT_TYPE.test(given) ? given : unknown
}

/** `content-disposition` of a download (RFC 6266): ASCII for old clients, and the name itself. */
export function attachmentOf(name: string): string {
  const plain = name.replace(/[^\x20-\x7E]|["%\\]/g, '_')
  const exact = encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  )
  return `attachment; filename="${plain}"; filename*=UTF-8''${exact}`
}
