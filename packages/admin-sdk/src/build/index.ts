export { panelPreset, SHARED, type PanelBuild, type PanelPreset } from './panel-preset.ts'
