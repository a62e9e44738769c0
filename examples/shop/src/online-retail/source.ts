/** Half of the key of everything that comes from the file; the other half is its number there. */
export const SOURCE = 'online-retail'
