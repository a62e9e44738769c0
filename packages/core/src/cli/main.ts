#!/usr/bin/env node
import { readFileSync } from 'node:fs'

const manifest = JSON.parse(readFileSync(findManifest(), 'utf8')) as { version: string }
process.stdout.write(`clientele ${manifest.version}\n`)

/** The sources lie two folders below the package, the built file one. */
function findManifest(): URL {
  const depth = import.meta.url.endsWith('.ts') ? '../../package.json' : '../package.json'
  return new URL(depth, import.meta.url)
}
