import { pluginConformance } from '@clientele/testing'
import { customers } from '@clientele/plugin-customers'
import { loyalty } from './loyalty.plugin.ts'

pluginConformance(loyalty(), { dependencies: [customers()] })
