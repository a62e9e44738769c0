/** Of this package, as panels name the range that they were built for. */
export const SDK_VERSION = '0.1.0'
