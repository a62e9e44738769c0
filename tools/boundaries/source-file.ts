import { parseSync } from 'oxc-parser'

/** What the rules want to know of one TypeScript file. */
export interface SourceFile {
  /** From the repository's root, with forward slashes. */
  readonly path: string
  readonly imports: readonly Mention[]
  /** `Date.now()`, `new Date()`, `Date()` and `Math.random()`. */
  readonly impure: readonly Mention[]
  /** `any` that is neither a type argument nor a rest parameter and that no comment speaks of. */
  readonly unexplainedAny: readonly Mention[]
  /** Identifiers and string literals: the words of the code without its comments. */
  readonly words: readonly Mention[]
}

export interface Mention {
  readonly text: string
  readonly line: number
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

export function readSource(path: string, text: string): SourceFile {
  const { program, module, comments, errors } = parseSync(path, text)
  const [error] = errors
  if (error) throw new Error(`${path} cannot be parsed: ${error.message}`)

  const lineAt = lineCounter(text)
  const imports: Mention[] = []
  const impure: Mention[] = []
  const unexplainedAny: Mention[] = []
  const words: Mention[] = []

  const requests = [
    ...module.staticImports.map((one) => one.moduleRequest),
    ...module.staticExports.flatMap((one) => one.entries.map((entry) => entry.moduleRequest)),
  ]
  for (const request of requests)
    if (request) imports.push({ text: request.value, line: lineAt(request.start) })

  let statementStart = 0
  for (const statement of program.body as unknown as Node[]) {
    const explained = comments.some(
      (comment) =>
        comment.start >= statementStart && comment.end <= statement.end && /\bany\b/.test(comment.value),
    )
    walk(statement, [], (node, ancestors) => {
      const line = lineAt(node.start)
      const literal =
        node.type === 'Literal' || node.type === 'TemplateElement' ? literalText(node) : undefined
      if (node.type === 'Identifier') words.push({ text: node['name'] as string, line })
      if (literal !== undefined) words.push({ text: literal, line })
      const imported = importedBy(node)
      if (imported !== undefined) imports.push({ text: imported, line })
      const call = impureCall(node)
      if (call) impure.push({ text: call, line })
      if (node.type === 'TSAnyKeyword' && !explained && !isHarmlessAny(ancestors))
        unexplainedAny.push({ text: 'any', line })
    })
    statementStart = statement.end
  }
  return { path, imports, impure, unexplainedAny, words }
}

/** `import('x')` as an expression and as a type. */
function importedBy(node: Node): string | undefined {
  if (node.type !== 'ImportExpression' && node.type !== 'TSImportType') return undefined
  const source = node['source'] as Node
  return source.type === 'Literal' ? literalText(source) : undefined
}

function impureCall(node: Node): string | undefined {
  if (node.type !== 'CallExpression' && node.type !== 'NewExpression') return undefined
  const callee = node['callee'] as Node
  const none = (node['arguments'] as unknown[]).length === 0
  if (callee.type === 'Identifier' && callee['name'] === 'Date')
    return node.type === 'CallExpression' ? 'Date()' : none ? 'new Date()' : undefined
  if (callee.type !== 'MemberExpression') return undefined
  const object = callee['object'] as Node
  const property = callee['property'] as Node
  const name = `${String(object['name'])}.${String(property['name'])}`
  return name === 'Date.now' || name === 'Math.random' ? `${name}()` : undefined
}

/** `Kysely<any>` names no type of its own, and `(...args: any[]) => T` is how every function is written. */
function isHarmlessAny(ancestors: readonly Node[]): boolean {
  const parent = ancestors.at(-1)
  if (parent?.type === 'TSTypeParameterInstantiation') return true
  return parent?.type === 'TSArrayType' && ancestors.at(-3)?.type === 'RestElement'
}

function literalText(node: Node): string | undefined {
  const value = node['value']
  if (typeof value === 'string') return value
  if (node.type === 'TemplateElement') return (value as { raw: string }).raw
  return undefined
}

function walk(node: Node, ancestors: Node[], visit: (node: Node, ancestors: readonly Node[]) => void): void {
  visit(node, ancestors)
  ancestors.push(node)
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (isNode(child)) walk(child, ancestors, visit)
    }
  }
  ancestors.pop()
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && typeof (value as Node).type === 'string'
}

function lineCounter(text: string): (offset: number) => number {
  const starts = [0]
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1)
  return (offset) => {
    let low = 0
    let high = starts.length
    while (high - low > 1) {
      const middle = (low + high) >> 1
      if (starts[middle]! <= offset) low = middle
      else high = middle
    }
    return low + 1
  }
}
