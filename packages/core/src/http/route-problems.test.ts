import { sqlite } from '@clientele/adapter-sqlite'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { createClientele } from '../clientele.ts'
import { definePlugin } from '../plugin/plugin.ts'
import type { Authenticator } from './authenticator.ts'
import { route } from './route.ts'
import { headerAuthenticator } from './test-pipeline.fixture.ts'

const answer = { summary: 'x', response: z.string(), handler: () => '' }
const doors = definePlugin({
  id: 'doors',
  version: '1.0.0',
  requires: { core: '*' },
  routes: {
    front: route.get({ ...answer, path: '/api/v1/front', permission: 'authenticated', schemes: ['sesion'] }),
    either: route.get({
      ...answer,
      path: '/api/v1/either',
      permission: 'authenticated',
      schemes: ['session', 'header'],
    }),
    open: route.get({ ...answer, path: '/api/v1/open', permission: 'public', schemes: ['session'] }),
    often: route.get({
      ...answer,
      path: '/api/v1/often',
      permission: 'public',
      rateLimit: { by: 'ip', requests: 1.5, perSeconds: 60 },
    }),
  },
})

function compose(authenticators: readonly Authenticator[]): () => unknown {
  return () => createClientele({ storage: sqlite('unused.db'), plugins: [doors()], authenticators })
}

test('a route whose authenticators are not installed, and a limit that cannot be, are told before the start', () => {
  expect(compose([headerAuthenticator])).toThrow(
    expect.objectContaining({
      params: {
        problems: [
          'plugin "doors": route "often": rateLimit: requests must be a whole number from 1',
          `plugin "doors": route "front" accepts only the authenticators "sesion", but installed are "header"; install one of them, or mend the route's schemes`,
        ],
      },
    }),
  )
})
