import type { TablesOf } from '@clientele/core'
import type { Customer } from './customer/customer.entity.ts'

/** What typed queries see of this plugin. */
export interface CustomersTables extends TablesOf<[typeof Customer]> {}
