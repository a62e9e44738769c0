declare const serviceType: unique symbol

/**
 * The typed name of an app-scoped, stateless service. Exported by the package that owns the contract; anyone
 * who imports it gets the service with its type. Equal ids are the same service, also across copies of a package.
 */
export interface ServiceToken<S> {
  readonly $$type: 'clientele/service'
  readonly id: string
  readonly key: symbol
  readonly [serviceType]?: S
}

/**
 * @example
 * export interface CustomerService { get(ctx: Ctx, id: string): Promise<Customer> }
 * export const Customers = defineService<CustomerService>('customers.customers')
 */
export function defineService<S>(id: string): ServiceToken<S> {
  return { $$type: 'clientele/service', id, key: Symbol.for(`clientele:service:${id}`) }
}

// `any`: a record of tokens of unrelated types; each is inferred by its own key.
type Tokens = Readonly<Record<string, ServiceToken<any>>>
type Resolved<D extends Tokens> = { readonly [K in keyof D]: D[K] extends ServiceToken<infer S> ? S : never }

/** How one service is made, once, from others. */
export interface Provider {
  // `any`: a list of providers holds services of unrelated types.
  readonly token: ServiceToken<any>
  readonly deps: Tokens
  readonly factory: (deps: any) => unknown
  readonly dispose?: ((service: any) => void | Promise<void>) | undefined
}

/**
 * Registers a service. Factories are synchronous; what must be awaited is opened in the plugin's `start`.
 * Disposal runs in reverse order of creation when the instance stops.
 */
export function provide<S, const D extends Tokens = {}>(
  token: ServiceToken<S>,
  options: {
    readonly deps?: D
    readonly factory: (deps: Resolved<D>) => S
    readonly dispose?: (service: S) => void | Promise<void>
  },
): Provider {
  return { token, deps: options.deps ?? {}, factory: options.factory, dispose: options.dispose }
}
