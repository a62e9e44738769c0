import type { BinaryOperationNode, RawNode } from 'kysely'
import type { Registry } from '../plugin/registry.ts'
import type { Capabilities } from '../storage/storage.ts'

/** Refuses SQL text that could reach what the binding does not see. */
export interface RawGuard {
  checkExpression(node: RawNode): void
  checkSource(node: RawNode): void
  checkFunction(name: string): void
  checkOperation(node: BinaryOperationNode): void
}

export function createRawGuard(_registry: Registry, _capabilities: Capabilities): RawGuard {
  return { checkExpression() {}, checkSource() {}, checkFunction() {}, checkOperation() {} }
}
