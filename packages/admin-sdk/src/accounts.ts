// The part of the SDK that pages for whoever is not signed in are built with: it is all that they load.
export { ApiError, call } from './api/call.ts'
export { useQuery } from './api/use-query.ts'
export { base } from './navigation/base.ts'
export { PasswordField, TextField } from './ui/field.tsx'
export { addWords, locale, setLocale, t } from './words/words.ts'
