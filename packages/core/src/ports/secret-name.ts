const SECRET =
  /(?:password|passwd|passphrase|secret|token|cookie|authorization|credentials|api-?_?key|write-?_?key)$/i

/** True for names of fields that open something for whoever reads them, whatever stands before: `accessToken`. */
export function isSecretName(name: string): boolean {
  return SECRET.test(name)
}
