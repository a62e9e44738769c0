import type { FunctionComponent } from 'preact'
import { Code } from './code.tsx'
import { ForgotPassword } from './forgot-password.tsx'
import { Invitation } from './invitation.tsx'
import { NoRole } from './no-role.tsx'
import { SetUp } from './set-up.tsx'
import { SignUp } from './sign-up.tsx'

/** Those that few need, by their path. The server answers it with this script: `src/site/admin-site.ts`. */
export const otherPages: Readonly<Record<string, FunctionComponent>> = {
  'sign-up': SignUp,
  code: Code,
  'forgot-password': ForgotPassword,
  invitation: Invitation,
  'set-up': SetUp,
  'no-role': NoRole,
}
