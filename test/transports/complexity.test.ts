import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { COMPLEXITY_LOW_TO, COMPLEXITY_MEDIUM_TO, COMPLEXITY_POINTS } from '../../src/kernel/complexity.ts';

/** What each transport counts is made from it; points and borders were fixed by hand, before the first result. */
const DOC = readFileSync(path.join(import.meta.dirname, '../../docs/complexity.md'), 'utf8');

test('points and borders are those of the document', () => {
  for (const [category, points] of Object.entries(COMPLEXITY_POINTS)) {
    expect(DOC).toContain(`| ${category} | ${points} |`);
  }
  expect(DOC).toContain(
    `**Low**: at most ${COMPLEXITY_LOW_TO} points. **Medium**: ${COMPLEXITY_LOW_TO + 1} to ${COMPLEXITY_MEDIUM_TO}. **High**: more than ${COMPLEXITY_MEDIUM_TO}.`,
  );
});
