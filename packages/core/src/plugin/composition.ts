import type { Ctx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import { runtimeOf } from '../kernel/runtime.ts'
import type { Registry } from './registry.ts'

/** What the installed plugins declare, for plugins that show or describe the others. */
export interface Composition {
  registry(ctx: Ctx): Registry
}

export const Composition = defineService<Composition>('core.composition')

export function createComposition(): Composition {
  return { registry: (ctx) => runtimeOf(ctx).registry }
}
