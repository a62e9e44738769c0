/** Whether this process serves people: then answers are stripped and no longer validated, and `devAccess` is refused. */
export function isProduction(): boolean {
  return process.env['NODE_ENV'] === 'production'
}
