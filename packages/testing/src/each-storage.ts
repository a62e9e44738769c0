import { describe } from 'vitest'
import type { TestStorage } from './create-test-clientele.ts'

/**
 * Runs the same tests on both databases.
 *
 * @example
 * eachStorage((storage) => {
 *   test('keeps the order', async () => {
 *     const t = await createTestClientele({ storage, plugins: [orders()] })
 *   })
 * })
 */
export function eachStorage(tests: (storage: TestStorage) => void): void {
  describe.each<TestStorage>(['sqlite', 'postgres'])('on %s', tests)
}
