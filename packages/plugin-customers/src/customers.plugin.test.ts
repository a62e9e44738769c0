import { pluginConformance } from '@clientele/testing'
import { customers } from './customers.plugin.ts'

pluginConformance(customers())
