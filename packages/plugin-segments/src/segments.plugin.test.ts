import { customers } from '@clientele/plugin-customers'
import { inventory } from '@clientele/plugin-inventory'
import { orders } from '@clientele/plugin-orders'
import { pluginConformance } from '@clientele/testing'
import { segments } from './segments.plugin.ts'

pluginConformance(segments(), { dependencies: [customers(), inventory(), orders()] })
