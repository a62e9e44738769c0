import type { Route } from './route.ts'

/** What a path and method lead to. */
export interface RouteMatch<T> {
  readonly value: T
  /** Raw path segments in the order of the parameters, still percent-encoded. */
  readonly params: readonly string[]
}

export interface RouteTable<T> {
  /** The route of a method (upper case) and path; null when there is none. `HEAD` finds `GET`. */
  match(method: string, path: string): RouteMatch<T> | null
  /** The methods a path answers to; empty when nothing stands there. */
  allowed(path: string): readonly string[]
}

export interface TableEntry<T> {
  readonly method: string
  readonly path: string
  readonly value: T
}

/** Method and path with parameter names taken out: two routes of one key would shadow each other. */
export function routeKey(method: string, path: string): string {
  return `${method.toLowerCase()} ${path.replace(/:[^/]+/g, ':')}`
}

/** What is wrong with a route's path, or between it and its params schema. */
export function pathProblems({ definition: { path, params } }: Route): string[] {
  if (!/^(\/(:[a-z][A-Za-z0-9]*|[A-Za-z0-9._~-]+))+$/.test(path)) {
    return [`the path "${path}" is not one of segments and :parameters; write it as /api/v1/notes/:id`]
  }
  const names = paramNames(path)
  const shape = (params as { shape?: Record<string, unknown> } | undefined)?.shape
  if (params !== undefined && shape === undefined)
    return ['its params schema is not an object; use z.object({ … })']
  const known = Object.keys(shape ?? {})
  return [
    ...names
      .filter((name) => !known.includes(name))
      .map((name) => `the path has :${name}, its params schema has not; add ${name} to "params"`),
    ...known
      .filter((name) => !names.includes(name))
      .map((name) => `its params schema has "${name}", the path has not; add :${name} to the path`),
  ]
}

/** Compiles routes into a matcher. Literal segments win over parameters, whatever the order. */
export function createRouteTable<T>(entries: readonly TableEntry<T>[]): RouteTable<T> {
  const literals = new Map<string, Map<string, RouteMatch<T>>>()
  const root: Node<T> = newNode()
  for (const { method, path, value } of entries) {
    const verb = method.toUpperCase()
    insert(root, path, verb, value)
    if (path.includes(':')) continue
    const byMethod = literals.get(path) ?? new Map<string, RouteMatch<T>>()
    byMethod.set(verb, { value, params: [] })
    literals.set(path, byMethod)
  }
  return {
    match(method, path) {
      const verb = method === 'HEAD' ? 'GET' : method
      const literal = literals.get(path)?.get(verb)
      if (literal) return literal
      const params: string[] = []
      const node = find(root, path, 1, verb, params)
      return node ? { value: node.methods.get(verb)!, params } : null
    },
    allowed(path) {
      const methods = new Set<string>()
      collect(root, path, 1, methods)
      if (methods.has('GET')) methods.add('HEAD')
      if (methods.size > 0) methods.add('OPTIONS')
      return [...methods].toSorted()
    },
  }
}

interface Node<T> {
  readonly literals: Map<string, Node<T>>
  param: Node<T> | null
  readonly methods: Map<string, T>
}

const newNode = <T>(): Node<T> => ({ literals: new Map(), param: null, methods: new Map() })

function insert<T>(root: Node<T>, path: string, method: string, value: T): void {
  let node = root
  for (const segment of path.slice(1).split('/')) {
    if (segment.startsWith(':')) {
      node.param ??= newNode()
      node = node.param
      continue
    }
    const next = node.literals.get(segment) ?? newNode<T>()
    node.literals.set(segment, next)
    node = next
  }
  node.methods.set(method, value)
}

function find<T>(
  node: Node<T>,
  path: string,
  from: number,
  method: string,
  params: string[],
): Node<T> | null {
  if (from > path.length) return node.methods.has(method) ? node : null
  const end = segmentEnd(path, from)
  const segment = path.slice(from, end)
  const literal = node.literals.get(segment)
  const hit = literal && find(literal, path, end + 1, method, params)
  if (hit) return hit
  if (!node.param || segment === '') return null
  params.push(segment)
  const below = find(node.param, path, end + 1, method, params)
  if (!below) params.pop()
  return below
}

function collect<T>(node: Node<T>, path: string, from: number, methods: Set<string>): void {
  if (from > path.length) {
    for (const method of node.methods.keys()) methods.add(method)
    return
  }
  const end = segmentEnd(path, from)
  const segment = path.slice(from, end)
  const literal = node.literals.get(segment)
  if (literal) collect(literal, path, end + 1, methods)
  if (node.param && segment !== '') collect(node.param, path, end + 1, methods)
}

function segmentEnd(path: string, from: number): number {
  const slash = path.indexOf('/', from)
  return slash === -1 ? path.length : slash
}

/** The names of a path's parameters, in order. */
export function paramNames(path: string): readonly string[] {
  return path
    .split('/')
    .filter((segment) => segment.startsWith(':'))
    .map((segment) => segment.slice(1))
}
