import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { temporaryFolder } from '@clientele/testing'
import { expect, onTestFinished, test } from 'vitest'

const MAIN = fileURLToPath(new URL('./main.ts', import.meta.url))
const source = (path: string): string => JSON.stringify(new URL(path, import.meta.url).href)

const COMPOSITION = `
import { sqlite } from ${source('../../../adapter-sqlite/src/index.ts')}
import { createClientele } from ${source('../index.ts')}
export default createClientele({ storage: sqlite(new URL('./data.db', import.meta.url).pathname), plugins: [] })
`

test('a worker process stops gracefully on SIGTERM', { timeout: 60_000 }, async () => {
  const cwd = await temporaryFolder()
  await writeFile(join(cwd, 'cdp.ts'), COMPOSITION)
  const child = spawn(
    process.execPath,
    ['--conditions=@clientele/source', MAIN, 'worker', '--entry', 'cdp.ts'],
    { cwd },
  )
  onTestFinished(() => void child.kill('SIGKILL'))
  const exited = once(child, 'exit')
  let written = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written += text
    if (text.includes('Worker started')) child.kill('SIGTERM')
  })

  expect(await exited).toEqual([0, null])
  expect(written).toMatch(/Stopped\n$/)
})
