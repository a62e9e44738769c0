/**
 * Runs after `npm install` on the machine's own Node, so this is JavaScript. `npm run` finds the pinned Node at
 * node_modules/.bin/node; npm 10 removes that link again when it drops the packages of the other platforms.
 */
import { existsSync, symlinkSync } from 'node:fs'

const target = `node-${process.platform}-${process.arch}/bin/node`
const link = 'node_modules/.bin/node'
if (existsSync(`node_modules/${target}`) && !existsSync(link)) symlinkSync(`../${target}`, link)
