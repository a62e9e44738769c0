import { idParams, ifMatch, listQuery, pageOf, reply, route } from '@clientele/core'
import * as z from 'zod'
import { SavedView } from './saved-view.entity.ts'
import { changeableView, visible, visibleView } from './saved-view.service.ts'

const path = '/api/v1/admin/saved-views'
const tags = ['admin']
const newView = z.strictObject({
  panel: z.string().min(1).max(100),
  name: z.string().trim().min(1).max(100),
  query: z.string().max(4000).default(''),
  columns: z.array(z.string().min(1).max(200)).max(100).nullable().default(null),
  isShared: z.boolean().default(false),
})
const viewChanges = z.strictObject({
  name: newView.shape.name.optional(),
  query: newView.shape.query.unwrap().optional(),
  columns: newView.shape.columns.unwrap().optional(),
  isShared: newView.shape.isShared.unwrap().optional(),
})

/** Lists of the admin as people saved them. Whoever saves is the owner, for good. */
export const savedViewRoutes = {
  listSavedViews: route.get({
    path,
    permission: 'views:read',
    tags,
    summary: 'List the own views, and those that others share',
    query: listQuery(SavedView),
    response: pageOf(SavedView.row),
    handler: ({ query }, ctx) => ctx.repo(SavedView).list({ ...query, ...visible(ctx) }),
  }),
  createSavedView: route.post({
    path,
    permission: 'views:write',
    tags,
    summary: 'Save a view of a list',
    body: newView,
    response: SavedView.row,
    status: 201,
    async handler({ body }, ctx) {
      const { kind, id } = ctx.actor
      const view = await ctx.tx((t) =>
        t.repo(SavedView).insert({ ...body, ownerKind: kind, ownerId: id.slice(0, 200) }),
      )
      return reply(view, { headers: { location: `${path}/${view.id}` } })
    },
  }),
  getSavedView: route.get({
    path: `${path}/:id`,
    permission: 'views:read',
    tags,
    summary: 'Read a view',
    params: idParams,
    response: SavedView.row,
    handler: ({ params }, ctx) => visibleView(ctx, params.id),
  }),
  updateSavedView: route.patch({
    path: `${path}/:id`,
    permission: 'views:write',
    tags,
    summary: 'Change an own view; with views:manage also one that others share',
    params: idParams,
    body: viewChanges,
    response: SavedView.row,
    handler: ({ params, body, headers }, ctx) =>
      ctx.tx(async (t) => {
        await changeableView(t, params.id)
        const ifVersion = ifMatch(headers)
        return t.repo(SavedView).patch(params.id, body, ifVersion === undefined ? {} : { ifVersion })
      }),
  }),
  removeSavedView: route.delete({
    path: `${path}/:id`,
    permission: 'views:write',
    tags,
    summary: 'Remove an own view; with views:manage also one that others share',
    params: idParams,
    handler: ({ params }, ctx) =>
      ctx.tx(async (t) => {
        await changeableView(t, params.id)
        await t.repo(SavedView).remove(params.id)
      }),
  }),
}
