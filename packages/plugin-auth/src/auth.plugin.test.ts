import { pluginConformance } from '@clientele/testing'
import { auth } from './auth.plugin.ts'

pluginConformance(auth())
