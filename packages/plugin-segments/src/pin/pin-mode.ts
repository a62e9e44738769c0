/** `include`: in, whatever the condition says; `exclude`: out. */
export const pinModes = ['include', 'exclude'] as const
/** One of {@link pinModes}. */
export type PinMode = (typeof pinModes)[number]
