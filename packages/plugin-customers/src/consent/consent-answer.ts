/** What somebody said to a purpose. */
export const consentStates = ['granted', 'denied', 'revoked'] as const
/** One of {@link consentStates}. */
export type ConsentAnswer = (typeof consentStates)[number]
