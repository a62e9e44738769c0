import type * as z from 'zod'

/** Traits by name, each with the schema of its values. */
export type TraitSchemas = Readonly<Record<string, z.ZodType>>

/** What a shop knows of its customers, declared in code: made by {@link defineTraits}. */
export interface Traits<S extends TraitSchemas = TraitSchemas> {
  readonly $$type: 'clientele/traits'
  /** By the trait's name. */
  readonly schemas: S
  /**
   * The values as they are, checked by the compiler: `identify(t, { identifiers, traits: ShopTraits.of({ plan: 'pro' }) })`.
   */
  of(values: TraitsOf<Traits<S>>): TraitsOf<Traits<S>>
}

// `any`: declarations of unrelated traits.
export type AnyTraits = Traits<any>

/** What values the declared traits take; null takes one away. */
export type TraitsOf<T> =
  T extends Traits<infer S> ? { readonly [K in keyof S]?: z.input<S[K]> | null | undefined } : never

/** The names of the declared traits. */
export type TraitName<T> = T extends Traits<infer S> ? keyof S & string : never

/** The values of one of them. */
export type TraitValue<T, K extends TraitName<T>> = T extends Traits<infer S> ? z.input<S[K]> : never

/**
 * Declares traits: given to `customers({ traits })` their values are checked wherever they come from; given to builders
 * of conditions they carry the types. Schemas check and never change a value: what was sent is what is kept. Traits that
 * are not declared are taken as ever.
 *
 * @example
 * export const ShopTraits = defineTraits({
 *   plan: z.enum(['free', 'pro']).describe('What they pay for'),
 *   visits: z.number().int(),
 * })
 */
export function defineTraits<const S extends TraitSchemas>(schemas: S): Traits<S> {
  return { $$type: 'clientele/traits', schemas, of: (values) => values }
}
