import { pluginConformance } from '@clientele/testing'
import { admin } from './admin.plugin.ts'

pluginConformance(admin())
