import type { AnyEntity } from '../entity/entity.ts'

/** What a plugin shows in the admin panel. Plain data: the panel draws lists and forms from the entities themselves. */
export interface AdminContribution {
  /**
   * The folder of the built panels: `panel.js`, `panel.css` and `manifest.json` with their hashes, as the preset
   * `@clientele/admin-sdk/build` writes them. Needed for panels and slots that name an export.
   *
   * @example
   * files: new URL('../dist/admin/', import.meta.url)
   */
  readonly files?: URL
  readonly panels?: readonly AdminPanel[]
  readonly slots?: readonly AdminSlot[]
  /** Fields that the plugin adds to rows of others, as columns that their lists show from the start. */
  readonly columns?: readonly AdminColumn[]
  /** Fields that the plugin adds to rows of others, in the summary of a row. */
  readonly details?: readonly AdminDetail[]
  /** Figures for the first page. */
  readonly stats?: readonly AdminStat[]
  /** What the command palette offers besides the panels. */
  readonly commands?: readonly AdminCommand[]
  /** What is to be done once, as a list on the first page until all of it is done. */
  readonly steps?: readonly AdminStep[]
  /** Locale → key → text: `{ en: { 'notes.nav': 'Notes' } }`. English is what is shown when another is missing. */
  readonly words?: Readonly<Record<string, Readonly<Record<string, string>>>>
}

/** A page of the panel, with its place in the navigation. */
export interface AdminPanel {
  /** Of the plugin: `notes`, `notes.report`. */
  readonly id: string
  /** Below the panel's own path: `/notes`. */
  readonly path: `/${string}`
  /** The key of its title in {@link AdminContribution.words}. */
  readonly title: string
  /** A name of the icon set: `users`, `cart`, `box`. @default a dot */
  readonly icon?: string
  /** Part of the navigation; null keeps it out. @default 'more' */
  readonly section?: 'people' | 'sell' | 'engage' | 'insight' | 'more' | 'settings' | null
  /** Ascending within the section. @default 100 */
  readonly order?: number
  /** Who may see it. */
  readonly permission: string
  /** What it shows: rows of an entity with routes of `crudRoutes`, or a component that the panel's module exports. */
  readonly shows: { readonly entity: AnyEntity } | { readonly export: string }
}

/** A piece that a plugin adds to a page of another. */
export interface AdminSlot {
  /** `customers.details`, `dashboard`. */
  readonly slot: string
  readonly id: string
  /** Ascending. @default 100 */
  readonly order?: number
  readonly permission: string
  /** The component that the panel's module exports. */
  readonly export: string
}

/**
 * A field of an extension as a column of its base's list, before somebody chooses others. Whoever may read the list sees
 * it. Its title is the word `field.<base>.<as>.<field>`: `field.customers.metrics.totalSpend`.
 *
 * @example
 * { extension: CustomerMetrics, field: 'totalSpend', width: 88 }
 */
export interface AdminColumn {
  /** The base's list must carry it: an extension that `crudRoutes` of the base know of. */
  readonly extension: AnyEntity
  /** A column of the extension. */
  readonly field: string
  /** In pixels; wider where the window has room. @default by the kind of the field */
  readonly width?: number
  /** @default as lists show the kind of the field */
  readonly format?: AdminFieldFormat
  /** Ascending, after the list's own columns. @default 100 */
  readonly order?: number
}

/** A field of an extension in the summary of a row; the panel that draws the summary knows nothing of the plugin. */
export interface AdminDetail extends Omit<AdminColumn, 'width'> {
  /** Large among the figures at the head, or a line among the facts, which is left out where it is empty. @default 'fact' */
  readonly place?: 'figure' | 'fact'
  /** 0 says that there is nothing to tell, as an average of nothing does. @default false */
  readonly isEmptyAtZero?: boolean
  /** Of two rows that become one it is the sum, and the preview of a merge says so. @default false */
  readonly isSum?: boolean
}

/** `badge`: a name in a frame. `ago`: how long ago a timestamp was. */
export type AdminFieldFormat = 'badge' | 'ago'

/** A figure for the first page, without code: a value of what a route answers. */
export interface AdminStat {
  readonly id: string
  /** The key of its title in {@link AdminContribution.words}. */
  readonly title: string
  /**
   * A `GET` of the API: `/api/v1/customers?limit=1&count=estimate`. `{30d}` stands for the instant at which the day
   * began that was 30 days ago, here and in `to`.
   */
  readonly source: string
  /** Where the figure stands in the answer: `total`, `revenue.amount`. */
  readonly value: string
  /** Money counts the tenant's currency in its smallest unit. @default 'number' */
  readonly format?: 'number' | 'money' | 'percent'
  /** The place of the panel that shows what lies behind it: `/customers`. */
  readonly to?: string
  /** Ascending. @default 100 */
  readonly order?: number
  /** Who may see it: the permission of the route. */
  readonly permission: string
}

/** A way in the command palette: to a place of the panel, with what its address says. */
export interface AdminCommand {
  readonly id: string
  /** The key of its title in {@link AdminContribution.words}: `Import customers`. */
  readonly title: string
  /** A place of the panel: `/customers?import=1`. */
  readonly to: string
  /** A name of the icon set. @default an arrow */
  readonly icon?: string
  /** Who may see it. */
  readonly permission: string
}

/** Something to be done once. The server says whether it is; nobody ticks a box. */
export interface AdminStep {
  readonly id: string
  /** The key of its title in {@link AdminContribution.words}: `Import your customers`. */
  readonly title: string
  /** The key of a sentence on how. */
  readonly text?: string
  /** A `GET` of the API: `/api/v1/customers?limit=1`. */
  readonly source: string
  /** Where the answer says that it is done: a number that is not 0, a list that is not empty, or true. */
  readonly value: string
  /** The place of the panel where it is done. */
  readonly to: string
  /** Ascending. @default 100 */
  readonly order?: number
  /** Who may see it: the permission to do it. */
  readonly permission: string
}
