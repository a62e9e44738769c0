import type { Ctx } from '../context/context.ts'
import { defineService } from '../di/token.ts'
import { nearestNames } from '../errors/nearest-names.ts'
import { runtimeOf } from '../kernel/runtime.ts'

/** Which domain events the plugins of the composition announce: for people who choose among them. */
export interface EventNames {
  /** In plugin order. */
  list(ctx: Ctx): readonly string[]
  /** At most three that a wrong name may have meant, best first. */
  near(ctx: Ctx, wrong: string): readonly string[]
}

export const EventNames = defineService<EventNames>('core.event-names')

export function createEventNames(): EventNames {
  const list = (ctx: Ctx): readonly string[] => [...runtimeOf(ctx).registry.events.keys()]
  return { list, near: (ctx, wrong) => nearestNames(wrong, list(ctx)) }
}
