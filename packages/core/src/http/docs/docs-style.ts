/** Colours follow the system; everything else is one column of operations beside an index. */
export const docsStyle = `:root {
  --ground: #fbfbfa; --raised: #fff; --ink: #1c1e21; --soft: #62676e; --line: #e2e3e1; --accent: #3355dd;
  --get: #1f6f4a; --post: #3355dd; --put: #8a5a00; --patch: #8a5a00; --delete: #b3261e;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #15171a; --raised: #1d2024; --ink: #e8e9ea; --soft: #9aa0a8; --line: #30343a; --accent: #8ea4ff;
    --get: #6cc79a; --post: #8ea4ff; --put: #e0b25c; --patch: #e0b25c; --delete: #ff8a80;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif;
  display: grid; grid-template: auto 1fr / 270px minmax(0, 1fr); min-height: 100vh;
}
header {
  grid-column: 1 / -1; display: flex; gap: 14px; align-items: baseline; flex-wrap: wrap; padding: 12px 24px;
  border-bottom: 1px solid var(--line); background: var(--raised); position: sticky; top: 0; z-index: 1;
}
h1 { font-size: 18px; margin: 0; }
#version, .soft { color: var(--soft); font-size: 13px; }
.token { margin-left: auto; font-size: 13px; color: var(--soft); }
a { color: var(--accent); }
nav { padding: 16px; border-right: 1px solid var(--line); position: sticky; top: 54px; height: calc(100vh - 54px); overflow: auto; }
nav h2 { font-size: 12px; text-transform: uppercase; letter-spacing: .06em; color: var(--soft); margin: 18px 0 4px; }
nav a { display: block; padding: 2px 6px; border-radius: 4px; color: inherit; text-decoration: none; font-size: 13px; overflow-wrap: anywhere; }
nav a:hover { background: var(--line); }
main { padding: 8px 32px 64px; max-width: 980px; }
main h2 { margin: 28px 0 10px; font-size: 20px; }
details.operation { background: var(--raised); border: 1px solid var(--line); border-radius: 8px; margin: 8px 0; scroll-margin-top: 64px; }
details.operation > summary { padding: 10px 14px; cursor: pointer; list-style: none; display: flex; gap: 12px; align-items: baseline; flex-wrap: wrap; }
details.operation > summary::-webkit-details-marker { display: none; }
details.operation > div { padding: 0 14px 14px; border-top: 1px solid var(--line); }
.method { font: 600 12px var(--mono); min-width: 52px; text-transform: uppercase; color: var(--soft); }
.get { color: var(--get); } .post { color: var(--post); } .put { color: var(--put); }
.patch { color: var(--patch); } .delete { color: var(--delete); }
.path, code, pre, textarea { font-family: var(--mono); font-size: 13px; }
.path { overflow-wrap: anywhere; }
h3 { font-size: 13px; margin: 18px 0 6px; color: var(--soft); }
.fields { width: 100%; border-collapse: collapse; font-size: 13px; }
.fields td { border-top: 1px solid var(--line); padding: 5px 10px 5px 0; vertical-align: top; }
.fields td:first-child { font-family: var(--mono); white-space: nowrap; }
.fields input { width: 100%; min-width: 140px; }
input, textarea, button { font: inherit; color: inherit; background: var(--ground); border: 1px solid var(--line); border-radius: 6px; padding: 4px 8px; }
textarea { width: 100%; min-height: 130px; resize: vertical; }
#search { width: 100%; }
button { background: var(--accent); color: var(--raised); border-color: transparent; padding: 5px 14px; margin-top: 10px; cursor: pointer; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: 1px; }
pre { background: var(--ground); border: 1px solid var(--line); border-radius: 6px; padding: 10px; overflow: auto; max-height: 420px; margin: 6px 0; }
[hidden] { display: none !important; }
@media (max-width: 760px) {
  body { display: block; }
  nav { position: static; height: auto; border-right: 0; }
  main { padding: 8px 16px 48px; }
}
`
