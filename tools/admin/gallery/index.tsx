import { Page } from '@clientele/admin-sdk'

/** Every control of the SDK, for tests and for whoever wants to look at them. */
export function Gallery() {
  return <Page title="Gallery">Nothing yet</Page>
}
