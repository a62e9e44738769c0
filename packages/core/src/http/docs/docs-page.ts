/** The page at `/docs`: a shell that {@link docsScript} fills from `/openapi.json`. Works offline. */
export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="docs/docs.css">
<script src="docs/docs.js" type="module"></script>
</head>
<body>
<header>
<h1 id="title">API</h1>
<span id="version"></span>
<label class="token">Bearer token <input id="token" type="password" autocomplete="off" spellcheck="false"></label>
<a href="openapi.json">openapi.json</a>
</header>
<nav aria-label="Operations">
<input id="search" type="search" placeholder="Find an operation" aria-label="Find an operation">
<div id="index"></div>
</nav>
<main id="operations"><p role="status">Loading…</p></main>
<noscript>This page reads openapi.json with JavaScript.</noscript>
</body>
</html>
`
