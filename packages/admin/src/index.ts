export * from './admin.plugin.ts'
