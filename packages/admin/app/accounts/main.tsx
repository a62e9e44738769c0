import { addWords } from '@clientele/admin-sdk'
import { render } from 'preact'
import { applyTheme } from '../shell/theme.tsx'
import { en } from '../words/en.ts'
import { pt } from '../words/pt.ts'
import { SignIn } from './sign-in.tsx'

applyTheme()
addWords({ en, pt })
render(<SignIn />, document.body)
