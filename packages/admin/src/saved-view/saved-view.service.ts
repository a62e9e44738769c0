import { coreErrors, type Ctx, type ListQuery, type Tx } from '@clientele/core'
import { adminErrors } from '../admin.errors.ts'
import { SavedView, type SavedViewRow } from './saved-view.entity.ts'

/** The part of a list query that leaves what the actor may see: their own, and what others share. */
export function visible({ actor: { kind, id } }: Ctx): Pick<ListQuery, 'where'> {
  return {
    where: (eb) =>
      eb.or([
        eb('savedViews.isShared', '=', true),
        eb.and([eb('savedViews.ownerKind', '=', kind), eb('savedViews.ownerId', '=', id)]),
      ]),
  }
}

/** @throws `entity.not_found` also for what somebody else keeps to themselves */
export async function visibleView(ctx: Ctx, id: string): Promise<SavedViewRow> {
  const view = await ctx.repo(SavedView).get(id)
  if (view.isShared || isOwn(ctx, view)) return view
  throw coreErrors['entity.not_found']({ entity: SavedView.name, id })
}

/**
 * A view that the actor may change or remove: their own; with `views:manage` what others share, too.
 * @throws `entity.not_found`, `admin.view_of_another`
 */
export async function changeableView(t: Tx, id: string): Promise<SavedViewRow> {
  await t.lock(SavedView, [id])
  const view = await visibleView(t, id)
  if (isOwn(t, view) || t.can('views:manage')) return view
  throw adminErrors['admin.view_of_another']({ name: view.name })
}

function isOwn({ actor }: Ctx, { ownerKind, ownerId }: SavedViewRow): boolean {
  return actor.kind === ownerKind && actor.id === ownerId
}
