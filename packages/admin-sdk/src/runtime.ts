// One file for four names of the import map, so that no panel ever brings a second copy.
export * from 'preact'
export * from 'preact/hooks'
export { jsx, jsxs, jsxDEV, jsxTemplate, jsxAttr, jsxEscape } from 'preact/jsx-runtime'
export * from '@preact/signals'
