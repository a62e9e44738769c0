/**
 * A plugin's own styles, kept to its own panels: they neither reach the shell nor a piece of another plugin inside.
 * `@import` and `@charset` have no place in them.
 */
export function panelStyles(plugin: string, css: string): string {
  return `@layer plugin{@scope ([data-panel="${plugin}"]) to ([data-panel]:not([data-panel="${plugin}"])){${css}}}`
}
