import { pluginConformance } from '@clientele/testing'
import { audit } from './audit.plugin.ts'

pluginConformance(audit())
