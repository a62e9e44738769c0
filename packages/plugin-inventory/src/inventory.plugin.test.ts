import { pluginConformance } from '@clientele/testing'
import { inventory } from './inventory.plugin.ts'

pluginConformance(inventory())
