export { HistoryTab } from './history-tab.tsx'
export { MembersTab } from './members-tab.tsx'
export { UsesTab } from './uses-tab.tsx'
