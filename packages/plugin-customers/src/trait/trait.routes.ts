import { idParams, listQuery, pageOf, route } from '@clientele/core'
import * as z from 'zod'
import { TraitDefinition } from './trait-definition.entity.ts'
import { TraitRegistry } from './trait.service.ts'

/** What a shop knows of its customers, by name. */
export const traitRoutes = {
  listTraitDefinitions: route.get({
    path: '/api/v1/trait-definitions',
    permission: 'customers:read',
    tags: ['customers'],
    summary: 'List the traits that are known, with the kind of their values',
    query: listQuery(TraitDefinition),
    response: pageOf(TraitDefinition.row),
    handler: ({ query }, ctx) => ctx.repo(TraitDefinition).list(query),
  }),
  updateTraitDefinition: route.patch({
    path: '/api/v1/trait-definitions/:id',
    permission: 'customers:write',
    tags: ['customers'],
    summary: 'Say what a trait means',
    params: idParams,
    body: z.object({ description: z.string().max(2000).nullable() }),
    response: TraitDefinition.row,
    handler: ({ params, body }, ctx) => ctx.tx((t) => t.repo(TraitDefinition).patch(params.id, body)),
  }),
  promoteTrait: route.post({
    path: '/api/v1/trait-definitions/:id/promote',
    permission: 'traits:promote',
    tags: ['customers'],
    summary: 'Have an index made over a trait, so that conditions find their customers by it',
    params: idParams,
    response: TraitDefinition.row,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(TraitRegistry).promote(t, params.id)),
  }),
  demoteTrait: route.post({
    path: '/api/v1/trait-definitions/:id/demote',
    permission: 'traits:promote',
    tags: ['customers'],
    summary: 'Give the index over a trait up',
    params: idParams,
    response: TraitDefinition.row,
    handler: ({ params }, ctx) => ctx.tx((t) => t.get(TraitRegistry).demote(t, params.id)),
  }),
}
