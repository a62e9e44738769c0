/** Where the router is mounted and where the panel lies, without trailing slashes; the page says it. */
export const base: { readonly api: string; readonly admin: string } = readBase()

function readBase(): { api: string; admin: string } {
  const { mount = '' } = globalThis.document?.documentElement.dataset ?? {}
  return { api: mount, admin: `${mount}/admin` }
}
