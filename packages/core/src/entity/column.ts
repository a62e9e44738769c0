import * as z from 'zod'
import { toTimestamp, type Timestamp } from '../ports/clock.ts'
import type { AnyEntity } from './entity.ts'
import { moneySchema, type Money } from './money.ts'

/**
 * What a column holds. `id` and `ref` are UUIDs; `timestamp` is an instant; `money` is stored as two columns
 * (`total`, `totalCurrency`); `secret` is encrypted at rest and never read back by lists.
 */
export type ColumnKind =
  | 'id'
  | 'ref'
  | 'text'
  | 'enum'
  | 'integer'
  | 'real'
  | 'boolean'
  | 'timestamp'
  | 'json'
  | 'money'
  | 'secret'

/** What happens to a row that names a merged or erased person. */
export interface SubjectReference {
  /** `move`: follows the surviving customer. `keep`: stays. `unique`: follows unless the survivor has one. */
  readonly onMerge: 'move' | 'keep' | 'unique'
  /** `delete`: the row goes. `anonymise`: the reference and personal columns are emptied. `keep`: by law. */
  readonly onErase: 'delete' | 'anonymise' | 'keep'
}

/** What a reference does when the row it names is removed. */
export interface ReferenceOptions {
  /**
   * `cascade` removes this row with the one it names; `restrict` refuses the removal.
   * @default 'restrict'
   */
  readonly onDelete?: 'cascade' | 'restrict'
}

/** Where a reference leads. */
export interface ReferenceSpec extends ReferenceOptions, Partial<SubjectReference> {
  readonly target: () => AnyEntity
}

/** Everything the framework knows about a column; tables, codecs, schemas, lists and forms are derived from it. */
export interface ColumnSpec {
  readonly kind: ColumnKind
  /** Validates one non-null value as TypeScript and the wire see it. */
  readonly schema: z.ZodType
  readonly nullable: boolean
  /** The value of an insert that leaves the column out. */
  readonly default?: { readonly value: unknown } | { readonly make: () => unknown }
  readonly unique: boolean
  readonly indexed: boolean
  /** Personal data: masked in the admin, left out of logs, removed by erasure, part of an export. */
  readonly pii: boolean
  readonly filterable: boolean
  readonly sortable: boolean
  readonly segmentable: boolean
  readonly searchable: boolean
  /** `amount`: integer minor units of the tenant's reporting currency. */
  readonly unit?: 'amount'
  readonly reference?: ReferenceSpec
  readonly description?: string
}

declare const columnType: unique symbol

/** One column of an entity. Immutable: every method answers a new column. */
export interface Column<
  Out,
  In = Out,
  Optional extends boolean = false,
  Kind extends ColumnKind = ColumnKind,
> {
  readonly [columnType]?: readonly [Out, In, Optional]
  readonly kind: Kind
  readonly spec: ColumnSpec
  /** Allows `null`, which is also the default. */
  nullable(): Column<Out | null, In | null, true, Kind>
  /** The value when an insert leaves the column out; a function is called for each row. */
  default(value: In | (() => In)): Column<Out, In, true, Kind>
  /** Unique within the tenant (and, with `softDelete`, among rows that are not removed). */
  unique(): Column<Out, In, Optional, Kind>
  index(): Column<Out, In, Optional, Kind>
  pii(): Column<Out, In, Optional, Kind>
  /** Lists accept `?name=…`, `?name.gte=…`. */
  filterable(): Column<Out, In, Optional, Kind>
  /** Lists accept `?sort=name`. Index what is sorted. */
  sortable(): Column<Out, In, Optional, Kind>
  /** Segment rules may name it. */
  segmentable(): Column<Out, In, Optional, Kind>
  /** `?q=` finds the row by the words in it. For text, enum, integer, id and reference columns of a tenant entity. */
  searchable(): Column<Out, In, Optional, Kind>
  describe(text: string): Column<Out, In, Optional, Kind>
}

// `any`: a record of columns of unrelated types.
export type AnyColumn = Column<any, any, any, any>
export type AnyColumns = Readonly<Record<string, AnyColumn>>

const INTEGER = z.number().int().min(Number.MIN_SAFE_INTEGER).max(Number.MAX_SAFE_INTEGER)

/**
 * Accepts an ISO-8601 instant with a zone and normalises it to UTC milliseconds. Years 1 to 9999: what both databases
 * and every sum of dates can hold.
 */
export const timestampSchema = z.iso
  .datetime({ offset: true, abort: true })
  .overwrite((value) => toTimestamp(Date.parse(value)))
  .refine((value) => /^\d{4}-/.test(value) && value >= '0001', 'expected an instant in the years 1 to 9999')

/** A UUID as the framework writes it; upper case is accepted and lowered. */
export const uuidSchema = z.guid().overwrite((value) => value.toLowerCase())

type RefOptionsOf<E> = E extends { readonly options: { readonly subject: true } }
  ? ReferenceOptions & SubjectReference
  : ReferenceOptions | void

/** The column builder. */
export const col = {
  /** A UUID that is no reference. */
  id: (): Column<string, string, false, 'id'> => column('id', uuidSchema),
  /** Text; give a schema to narrow it: `col.text(z.email())`. Without one, at most 10,000 characters. */
  text: (schema: z.ZodType<string, string> = z.string().max(10_000)): Column<string, string, false, 'text'> =>
    column('text', schema),
  /** One of a closed set. Stored as text, so a new value needs no migration. */
  enum: <const V extends readonly [string, ...string[]]>(
    values: V,
  ): Column<V[number], V[number], false, 'enum'> => column('enum', z.enum(values)),
  /** A safe integer. */
  integer: (schema: z.ZodType<number, number> = INTEGER): Column<number, number, false, 'integer'> =>
    column('integer', schema),
  /** Integer minor units of the tenant's reporting currency; in conditions `500` means 500.00. */
  amount: (): Column<number, number, false, 'integer'> => column('integer', INTEGER, { unit: 'amount' }),
  /** A double. */
  real: (schema: z.ZodType<number, number> = z.number()): Column<number, number, false, 'real'> =>
    column('real', schema),
  boolean: (): Column<boolean, boolean, false, 'boolean'> => column('boolean', z.boolean()),
  /** An instant, millisecond precision. */
  timestamp: (): Column<Timestamp, Timestamp, false, 'timestamp'> => column('timestamp', timestampSchema),
  /** A JSON document; `schema` must be representable in JSON Schema. */
  json: <S extends z.ZodType>(schema: S): Column<z.output<S>, z.input<S>, false, 'json'> =>
    column('json', schema),
  /** `{ amount, currency }`; queries see `total` (integer minor units) and `totalCurrency`. */
  money: (): Column<Money, Money, false, 'money'> => column('money', moneySchema),
  /** Encrypted with the key ring (AES-256-GCM). Written in plain text, read only by `repo.reveal`. */
  secret: (): Column<string, string, false, 'secret'> => column('secret', z.string().min(1).max(10_000)),
  /**
   * A foreign key within the tenant. A reference to a data subject (an entity with `subject: true`, such as a
   * customer) must say what happens on merge and on erasure.
   */
  ref: <E extends AnyEntity>(
    target: () => E,
    ...[options]: RefOptionsOf<E> extends infer O
      ? void extends O
        ? [options?: ReferenceOptions]
        : [options: O]
      : never
  ): Column<string, string, false, 'ref'> =>
    column('ref', uuidSchema, { indexed: true, reference: { target, ...options } }),
} as const

function column<Out, In, Optional extends boolean, Kind extends ColumnKind>(
  kind: Kind,
  schema: z.ZodType,
  spec: Partial<ColumnSpec> = {},
): Column<Out, In, Optional, Kind> {
  return new ColumnBuilder(kind, {
    kind,
    schema,
    nullable: false,
    unique: false,
    indexed: false,
    pii: false,
    filterable: false,
    sortable: false,
    segmentable: false,
    searchable: false,
    ...spec,
  }) as unknown as Column<Out, In, Optional, Kind>
}

class ColumnBuilder {
  readonly kind: ColumnKind
  readonly spec: ColumnSpec

  constructor(kind: ColumnKind, spec: ColumnSpec) {
    this.kind = kind
    this.spec = spec
  }

  nullable = (): ColumnBuilder => this.#with({ nullable: true })
  default = (value: unknown): ColumnBuilder =>
    this.#with({ default: typeof value === 'function' ? { make: value as () => unknown } : { value } })
  unique = (): ColumnBuilder => this.#with({ unique: true })
  index = (): ColumnBuilder => this.#with({ indexed: true })
  pii = (): ColumnBuilder => this.#with({ pii: true })
  filterable = (): ColumnBuilder => this.#with({ filterable: true })
  sortable = (): ColumnBuilder => this.#with({ sortable: true })
  segmentable = (): ColumnBuilder => this.#with({ segmentable: true })
  searchable = (): ColumnBuilder => this.#with({ searchable: true })
  describe = (description: string): ColumnBuilder => this.#with({ description })

  #with(change: Partial<ColumnSpec>): ColumnBuilder {
    return new ColumnBuilder(this.kind, { ...this.spec, ...change })
  }
}
