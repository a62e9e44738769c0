/** How a context reads: no write passes, and removed rows are hidden. */
export const READ = { writes: 'refuse', removed: 'hide' } as const
