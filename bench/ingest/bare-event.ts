/** An event as the bare servers take it; they trust it. */
export interface BareEvent {
  readonly type: 'track' | 'identify'
  readonly messageId: string
  readonly userId?: string
  readonly anonymousId: string
  readonly event?: string
  readonly properties?: object
  readonly traits?: { readonly email?: string; readonly plan?: string }
  readonly context?: object
  readonly timestamp: string
}
