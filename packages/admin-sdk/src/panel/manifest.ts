import { signal, type ReadonlySignal } from '@preact/signals'
import { call } from '../api/call.ts'
import { beginSession, type Session } from '../session/session.ts'
import { addWords } from '../words/words.ts'

/** A column of an entity, as lists and forms need it. */
export interface Field {
  /** As rows carry it: `email`, `metrics.orderCount`. */
  readonly name: string
  /** `text`, `enum`, `integer`, `amount`, `money`, `real`, `boolean`, `timestamp`, `json`, `ref`, `id`. */
  readonly kind: string
  readonly required: boolean
  readonly sortable: boolean
  readonly filterable: boolean
  /** It may be empty, and lists may be asked for the rows in which it is. */
  readonly nullable?: boolean
  /** The closed set of an enum. */
  readonly values?: readonly string[]
  readonly help?: string
  /** The entity that a reference leads to. */
  readonly to?: string
  /** Derived by code: shown, never edited. */
  readonly readOnly?: boolean
  /** Of a text, in characters. */
  readonly maxLength?: number
  /** Of a text: `email`, `uri`. */
  readonly format?: string
  /** What a JSON column is a list of, when it is one. */
  readonly items?: 'string' | 'number'
}

/** An entity with routes of its own. */
export interface EntityDescription {
  readonly name: string
  /** Of its routes: `/api/v1/customers`. */
  readonly path: string
  /** The column that names a row. */
  readonly label: string
  readonly help?: string
  readonly searchable: boolean
  readonly writable: boolean
  /** What is removed can be restored. */
  readonly undo: boolean
  /** What may be done: `get`, `create`, `update`, `remove`, `restore`, `bulk`, `exportCsv`, `startExport`. */
  readonly routes: readonly string[]
  readonly fields: readonly Field[]
}

/** A page with its place in the navigation. */
export interface PanelDescription {
  readonly plugin: string
  readonly id: string
  readonly path: string
  /** A key of the catalogues. */
  readonly title: string
  readonly icon?: string
  readonly section: string | null
  readonly order: number
  readonly shows: { readonly entity: string } | { readonly export: string }
}

/** A piece of one plugin on a page of another. */
export interface SlotDescription {
  readonly plugin: string
  readonly slot: string
  readonly id: string
  readonly order: number
  readonly export: string
}

/** A field that a plugin adds to rows of another, as a column that their list shows from the start. */
export interface ColumnDescription {
  readonly plugin: string
  /** Whose list it is. */
  readonly entity: string
  /** As rows carry it: `metrics.totalSpend`. */
  readonly name: string
  /** In pixels. */
  readonly width?: number
  readonly format?: 'badge' | 'ago'
  readonly order: number
}

/** A field that a plugin adds to rows of another, in the summary of a row. */
export interface DetailDescription extends Omit<ColumnDescription, 'width'> {
  readonly place: 'figure' | 'fact'
  /** 0 says that there is nothing to tell. */
  readonly isEmptyAtZero: boolean
  /** Of two rows that become one it is the sum. */
  readonly isSum: boolean
}

/** A figure for the first page, which needs no code of its plugin. */
export interface StatDescription {
  readonly plugin: string
  readonly id: string
  readonly title: string
  /** A `GET` of the API. */
  readonly source: string
  /** Where the figure stands in the answer: `total`, `revenue.amount`. */
  readonly value: string
  readonly format: 'number' | 'money' | 'percent'
  /** The place of the panel that shows what lies behind it. */
  readonly to?: string
  readonly order: number
}

/** What the palette offers, which needs no code of its plugin. */
export interface CommandDescription {
  readonly plugin: string
  readonly id: string
  readonly title: string
  /** A place of the panel. */
  readonly to: string
  readonly icon?: string
}

/** What is to be done once. */
export interface StepDescription {
  readonly plugin: string
  readonly id: string
  readonly title: string
  readonly text?: string
  /** A `GET` of the API. */
  readonly source: string
  /** Where the answer says that it is done. */
  readonly value: string
  /** The place of the panel where it is done. */
  readonly to: string
  readonly order: number
}

/** The built code of a plugin's panels. */
export interface ModuleDescription {
  readonly version: string
  /** Below the router; null when it was not built. */
  readonly entry: string | null
  readonly css?: string
  /** The range of SDK versions it was built for. */
  readonly sdk: string
  /** Whether that range holds this SDK. */
  readonly works: boolean
}

/** Everything the shell needs to know about whoever is signed in, and about what the plugins show them. */
export interface Manifest {
  readonly session: Session
  /** Those that are installed. */
  readonly plugins: readonly { readonly id: string }[]
  readonly panels: readonly PanelDescription[]
  readonly slots: readonly SlotDescription[]
  readonly columns: readonly ColumnDescription[]
  readonly details: readonly DetailDescription[]
  readonly stats: readonly StatDescription[]
  readonly commands: readonly CommandDescription[]
  readonly steps: readonly StepDescription[]
  readonly entities: Readonly<Record<string, EntityDescription>>
  readonly modules: Readonly<Record<string, ModuleDescription>>
  readonly words: Readonly<Record<string, Readonly<Record<string, string>>>>
}

const current = signal<Manifest | null | undefined>(undefined)

/** What whoever is signed in may see; undefined until it was asked, null while nobody is signed in. */
export const manifest: ReadonlySignal<Manifest | null | undefined> = current

/**
 * Asks who is signed in and what they may see.
 * @throws ApiError when the server cannot tell; that nobody is signed in is no error
 */
export async function loadManifest(): Promise<void> {
  try {
    const loaded = await call<Manifest>('/api/v1/admin/manifest')
    addWords(loaded.words)
    beginSession(loaded.session)
    current.value = loaded
  } catch (error) {
    if ((error as { status?: number }).status !== 401) throw error
    current.value = null
  }
}
