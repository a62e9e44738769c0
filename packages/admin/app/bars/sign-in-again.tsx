import { Dialog, lazily, t } from '@clientele/admin-sdk'

/** Signs in above the page, which stays as it is. The form comes when it is needed. */
export function SignInAgain({ onClose }: { readonly onClose: () => void }) {
  return (
    <Dialog title={t('sign_in')} onClose={onClose}>
      <Again onDone={onClose} />
    </Dialog>
  )
}

const Again = lazily(async () => {
  const [{ Again: component }, { en }, { pt }] = await Promise.all([
    import('./again.tsx'),
    import('../accounts/words/en.ts'),
    import('../accounts/words/pt.ts'),
  ])
  return { component, words: { en, pt } }
})
