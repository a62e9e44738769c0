import { existsSync, readFileSync } from 'node:fs'

interface Report {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly numPendingTests: number
  readonly numTodoTests: number
  readonly testResults: readonly { readonly status: string; readonly assertionResults: readonly unknown[] }[]
}

/**
 * The count of a vitest JSON report as one line, or undefined where no test ran. A file that fails before its first
 * test counts as one failed, and so does a run that failed with every test green (an error outside any test).
 */
export function readSummary(file: string, runFailed: boolean): string | undefined {
  if (!existsSync(file)) return runFailed ? '0 passed, 1 failed, 0 skipped' : undefined
  return summarise(JSON.parse(readFileSync(file, 'utf8')) as Report, runFailed)
}

export function summarise(report: Report, runFailed: boolean): string {
  const brokenFiles = report.testResults.filter(
    (one) => one.status === 'failed' && one.assertionResults.length === 0,
  )
  const failed = report.numFailedTests + brokenFiles.length
  const skipped = report.numPendingTests + report.numTodoTests
  return `${report.numPassedTests} passed, ${failed === 0 && runFailed ? 1 : failed} failed, ${skipped} skipped`
}
