export { panelPreset, SHARED, type PanelPreset } from './panel-preset.ts'
