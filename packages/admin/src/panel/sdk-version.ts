/** Of `@clientele/admin-sdk` that this shell brings; panels name the range that they were built for. */
export const SDK_VERSION = '0.1.0'
