import {
  Composition,
  TenantSettings,
  type AdminColumn,
  type AdminCommand,
  type AdminDetail,
  type AdminPanel,
  type AdminSlot,
  type AdminStat,
  type AdminStep,
  type Ctx,
  type Registry,
} from '@clientele/core'
import { devPanelsOf } from '../dev/dev-panels.ts'
import { panelFiles } from '../panel/panel-files.ts'
import { describeEntity } from './describe-entity.ts'
import { entityRoutes } from './entity-routes.ts'
import type { Manifest } from './manifest.schema.ts'

/** What whoever asks may see: panels, slots and entities they lack the permission for are left out. */
export async function buildManifest(ctx: Ctx): Promise<Manifest> {
  const registry = ctx.get(Composition).registry(ctx)
  const settings = await ctx.settings(TenantSettings)
  const entities = entitiesOf(registry, ctx)
  const isAllowed = ({ permission }: { readonly permission: string }): boolean => ctx.can(permission)
  return {
    session: {
      actor: { kind: ctx.actor.kind, id: ctx.actor.id },
      tenant: {
        id: ctx.tenantId,
        name: settings.name ?? null,
        currency: settings.currency,
        timeZone: settings.timeZone,
        locale: settings.locale,
      },
      permissions: [...ctx.actor.permissions],
    },
    plugins: registry.plugins.map(({ id }) => ({ id })),
    panels: panelsOf(registry)
      .filter(({ panel }) => isAllowed(panel))
      .map(({ plugin, panel: { permission: _, section = 'more', order = 100, shows, ...panel } }) => ({
        ...panel,
        plugin,
        section,
        order,
        shows: 'entity' in shows ? { entity: shows.entity.name } : shows,
      })),
    slots: contributed<AdminSlot>(registry, 'slots')
      .filter(isAllowed)
      .map(({ permission: _, order = 100, ...slot }) => ({ ...slot, order }))
      .toSorted((a, b) => a.order - b.order),
    columns: contributed<AdminColumn>(registry, 'columns')
      .flatMap((column) => ofList(column, entities))
      .toSorted((a, b) => a.order - b.order),
    details: contributed<AdminDetail>(registry, 'details')
      .flatMap((detail) => ofList(detail, entities))
      .map(({ place = 'fact', isEmptyAtZero = false, isSum = false, ...detail }) => ({
        ...detail,
        place,
        isEmptyAtZero,
        isSum,
      }))
      .toSorted((a, b) => a.order - b.order),
    stats: contributed<AdminStat>(registry, 'stats')
      .filter(isAllowed)
      .map(({ permission: _, order = 100, format = 'number', ...stat }) => ({ ...stat, order, format }))
      .toSorted((a, b) => a.order - b.order),
    commands: contributed<AdminCommand>(registry, 'commands')
      .filter(isAllowed)
      .map(({ permission: _, ...command }) => command),
    steps: contributed<AdminStep>(registry, 'steps')
      .filter(isAllowed)
      .map(({ permission: _, order = 100, ...step }) => ({ ...step, order }))
      .toSorted((a, b) => a.order - b.order),
    entities,
    modules: await modulesOf(registry),
    words: wordsOf(registry),
  }
}

function entitiesOf(registry: Registry, ctx: Ctx): Manifest['entities'] {
  const isOpen = new Set(['authenticated', 'public'])
  const found = entityRoutes(registry, (permission) => isOpen.has(permission) || ctx.can(permission))
  return Object.fromEntries(
    [...found].flatMap(([name, routes]) => {
      const registered = registry.entities.get(name)
      return registered ? [[name, describeEntity(registered, routes)]] : []
    }),
  )
}

interface OwnedPanel {
  readonly plugin: string
  readonly panel: AdminPanel
}

/** The panels that plugins name, and one for every other entity with routes of its own. */
function panelsOf(registry: Registry): readonly OwnedPanel[] {
  const named = registry.plugins.flatMap(({ id, plugin }) =>
    (plugin.definition.admin?.panels ?? []).map((panel: AdminPanel): OwnedPanel => ({ plugin: id, panel })),
  )
  const paths = new Set(named.map(({ panel }) => panel.path))
  const shown = new Set(
    named.flatMap(({ panel }) => ('entity' in panel.shows ? [panel.shows.entity.name] : [])),
  )
  const others = [...registry.crud.values()]
    .map(({ entity: { entity, pluginId }, read }): OwnedPanel => ({
      plugin: pluginId,
      panel: {
        id: entity.name,
        path: `/${entity.name}`,
        title: `entity.${entity.name}`,
        permission: read,
        shows: { entity },
      },
    }))
    .filter(({ panel }) => !shown.has(panel.id) && !paths.has(panel.path))
  return [...named, ...others]
}

/** What all plugins contribute of one kind, with the plugin's id. */
function contributed<T>(
  { plugins }: Registry,
  kind: 'slots' | 'columns' | 'details' | 'stats' | 'commands' | 'steps',
): readonly (T & { readonly plugin: string })[] {
  return plugins.flatMap(({ id, plugin }) =>
    ((plugin.definition.admin?.[kind] ?? []) as readonly T[]).map((one) => ({ ...one, plugin: id })),
  )
}

/** A field of an extension by the name that rows of its base carry; none where whoever asks may not list them. */
function ofList<T extends AdminColumn>(
  { extension, field, order = 100, ...contribution }: T,
  entities: Manifest['entities'],
) {
  const { base, as } = extension.extension!
  const name = `${as}.${field}`
  const isListed = entities[base.name]?.fields.some((one) => one.name === name)
  return isListed ? [{ ...contribution, entity: base.name, name, order }] : []
}

async function modulesOf(registry: Registry): Promise<Manifest['modules']> {
  const built = await panelFiles(registry)
  const modules: Record<string, Manifest['modules'][string]> = {}
  for (const { id, plugin } of registry.plugins) {
    if (!plugin.definition.admin?.files) continue
    const source = devPanelsOf(registry)?.get(id)
    if (source !== undefined) {
      modules[id] = { version: plugin.definition.version, entry: source, sdk: '*', works: true }
      continue
    }
    const panels = built.get(id)
    const at = `/admin/x/${id}/${panels?.version}`
    modules[id] = {
      version: plugin.definition.version,
      entry: panels ? `${at}/${panels.entry}` : null,
      ...(panels?.css === undefined ? {} : { css: `${at}/${panels.css}` }),
      sdk: panels?.sdk ?? '*',
      works: panels?.works ?? false,
    }
  }
  return modules
}

function wordsOf({ plugins }: Registry): Manifest['words'] {
  const words: Record<string, Record<string, string>> = {}
  for (const { plugin } of plugins) {
    for (const [locale, own] of Object.entries(plugin.definition.admin?.words ?? {}))
      Object.assign((words[locale] ??= {}), own)
  }
  return words
}
