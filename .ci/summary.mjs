// node summary.mjs REPORT EXIT_CODE: the counts of vitest's JSON report. A failure outside the tests (set-up,
// lint, types, unused code, a suite that could not start) counts as one.
import { readFileSync } from 'node:fs';

const [, , reportFile = '', exitCode = '1'] = process.argv;
const { numPassedTests, numFailedTests, numPendingTests } = readReport(reportFile);
const isFailedElsewhere = exitCode !== '0' && numFailedTests === 0;

if (numPendingTests > 0) console.log(`${numPendingTests} skipped`);
console.log(`${numPassedTests} passed, ${isFailedElsewhere ? 1 : numFailedTests} failed`);

function readReport(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return { numPassedTests: 0, numFailedTests: 0, numPendingTests: 0 };
  }
}
