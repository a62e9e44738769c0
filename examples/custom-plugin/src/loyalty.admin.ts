import type { AdminContribution } from '@clientele/core'
import { Award } from './award/award.entity.ts'

/** Its pages in the admin: a screen of its own, a list without any code, a piece of the customer's drawer, a figure. */
export const loyaltyAdmin: AdminContribution = {
  // The same folder seen from src/ and from dist/.
  files: new URL('../dist/admin/', import.meta.url),
  panels: [
    {
      id: 'loyalty.balances',
      path: '/loyalty',
      title: 'loyalty.balances',
      icon: 'chart',
      section: 'engage',
      permission: 'loyalty:read',
      shows: { export: 'Balances' },
    },
    {
      id: 'loyalty.awards',
      path: '/loyalty-awards',
      title: 'loyalty.awards',
      section: 'engage',
      permission: 'loyalty:read',
      shows: { entity: Award },
    },
  ],
  slots: [
    { slot: 'customers.details', id: 'loyalty.points', permission: 'loyalty:read', export: 'CustomerPoints' },
  ],
  stats: [
    {
      id: 'loyalty.awards',
      title: 'loyalty.awards',
      source: '/api/v1/loyalty-awards?limit=1&count=exact',
      value: 'total',
      to: '/loyalty-awards',
      permission: 'loyalty:read',
    },
  ],
  words: {
    en: {
      'loyalty.balances': 'Loyalty',
      'loyalty.awards': 'Awards',
      'loyalty.none': 'Nobody has points yet',
      'loyalty.customer': 'Customer',
      'loyalty.points': 'Points',
      'loyalty.points_of.one': '{count} point',
      'loyalty.points_of.other': '{count} points',
      'loyalty.give': 'Give 10 points',
      'loyalty.given': '10 points given',
    },
    pt: {
      'loyalty.balances': 'Fidelidade',
      'loyalty.awards': 'Pontos dados',
      'loyalty.none': 'Ninguém tem pontos ainda',
      'loyalty.customer': 'Cliente',
      'loyalty.points': 'Pontos',
      'loyalty.points_of.one': '{count} ponto',
      'loyalty.points_of.other': '{count} pontos',
      'loyalty.give': 'Dar 10 pontos',
      'loyalty.given': '10 pontos dados',
    },
  },
}
