import { readFile } from 'node:fs/promises'
import { expect, test } from 'vitest'

test('the guide on lists shows a panel that the tests of the admin use', async () => {
  const guide = await readFile('docs/guides/admin-lists.md', 'utf8')
  const panel = await readFile('tools/admin/gallery/large-samples.tsx', 'utf8')
  expect(guide).toContain(`\`\`\`tsx\n${panel}\`\`\``)
})
