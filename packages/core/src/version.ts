/** Of `@clientele/core`; a test holds it equal to package.json. */
export const CORE_VERSION = '0.1.0'
