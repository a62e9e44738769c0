import { customers } from '@clientele/plugin-customers'
import { pluginConformance } from '@clientele/testing'
import { webhooks } from './webhooks.plugin.ts'

pluginConformance(webhooks(), { dependencies: [customers()] })
