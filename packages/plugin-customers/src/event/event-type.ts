/** What arrives from clients, and `fact`: what another plugin puts on the timeline. */
export const eventTypes = ['track', 'page', 'screen', 'identify', 'group', 'alias', 'fact'] as const
/** One of {@link eventTypes}. */
export type EventType = (typeof eventTypes)[number]
