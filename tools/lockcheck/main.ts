/** `npm run lockcheck [-- FILE]`: is package-lock.json complete and free of addresses? Run after every `npm install`. */
import { readFileSync } from 'node:fs'
import { lockfileProblems, type Lockfile } from './lockfile.ts'

const file = process.argv[2] ?? 'package-lock.json'
const problems = lockfileProblems(JSON.parse(readFileSync(file, 'utf8')) as Lockfile)
for (const problem of problems) console.error(problem)
console.log(`${file}: ${problems.length} problems`)
if (problems.length > 0) process.exitCode = 1
