import { defineErrors } from '../errors/clientele-error.ts'

/** Errors of stored files. Codes are listed in `docs/reference/errors.md`. */
export const filesErrors = defineErrors({
  'files.too_large': {
    status: 413,
    title: 'File too large',
    detail: (p: { name: string; maxBytes: number }) =>
      `Cannot store the file "${p.name}": it has more than ${p.maxBytes} bytes; send it in parts, or without what is not needed`,
  },
  'files.is_form': {
    status: 415,
    title: 'A form, not a file',
    detail: (p: { name: string }) =>
      `Cannot store "${p.name}" from a form: the body itself is the file; send it as it is, as curl does with --data-binary @${p.name} -H 'content-type: text/csv', and fetch with the File as body`,
  },
  'files.lost': {
    status: 500,
    title: 'File lost',
    detail: (p: { id: string; name: string; missing: string }) =>
      `Cannot read the file "${p.name}" (${p.id}): ${p.missing}; bring the files back from the backup that belongs to the database, or remove the file and store it again`,
  },
  'files.in_transaction': {
    status: 500,
    title: 'File stored in a transaction',
    detail: (p: { name: string }) =>
      `Cannot store the file "${p.name}" in a transaction: its bytes may take long to come, and others would wait for them; call put with the context outside of ctx.tx`,
  },
})
