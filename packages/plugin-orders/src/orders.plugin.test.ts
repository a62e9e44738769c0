import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { pluginConformance } from '@clientele/testing'
import { orders } from './orders.plugin.ts'

pluginConformance(orders(), { dependencies: [customers(), inventory()] })
