import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Result } from '../../../src/record/record.ts';
import { latencyTrial, ledgerOf, QUEUE } from '../result.ts';
import { abRecordOf, type ArmShape, armResults } from './arms.ts';

/** Two results as they lie in CI: of runs that know nothing of each other, or the arms of an `ab`. */
export interface CiSituation {
  readonly a: Result;
  /** Undefined: its file is broken. */
  readonly b: Result | undefined;
  readonly options: readonly string[];
}

interface CiRow {
  readonly situation: string;
  readonly exitCode: number;
  readonly gate: number;
  readonly level: string | undefined;
}

/** The table of docs/ci.md. */
export function ciTable(): CiRow[] {
  const page = readFileSync(path.resolve(import.meta.dirname, '../../../docs/ci.md'), 'utf8');
  const rows = page.slice(page.indexOf('| situation |')).split('\n\n')[0]!.split('\n').slice(2);
  return rows.map((row) => {
    const [situation, exitCode, gate] = row
      .split('|')
      .slice(1)
      .map((cell) => cell.trim());
    const [code, level] = gate!.split(', with a ');
    return { situation: situation!, exitCode: Number(exitCode), gate: Number(code), level };
  });
}

const SAME = { pairs: 16 } satisfies ArmShape;
const SLOWER = { pairs: 16, factor: 2.5 } satisfies ArmShape;

function arms(shape: ArmShape, change: (head: Result) => Result = (head) => head): CiSituation {
  const { a, b } = armResults(shape);
  return { a, b: change(b), options: [] };
}

/** A second pattern beside REST, on the sides that are asked for. */
function withQueue(shape: ArmShape, sides: { a?: Change; b?: Change }): CiSituation {
  const { a, b } = armResults(shape);
  return { a: sides.a ? sides.a(queueIn(a)) : a, b: sides.b ? sides.b(queueIn(b)) : b, options: [] };
}

type Change = (result: Result) => Result;

function queueIn(result: Result): Result {
  const trials = result.trials.map((trial, i) => ({
    ...latencyTrial(100 + i, 'queue', i + 1),
    phases: trial.phases,
  }));
  return { ...result, patterns: [...result.patterns, QUEUE], trials: [...result.trials, ...trials] };
}

const asIs: Change = (result) => result;
const ofQueue = (change: (trial: Result['trials'][number]) => Result['trials'][number][]): Change => {
  return (result) => ({
    ...result,
    trials: result.trials.flatMap((trial) => (trial.pattern === 'queue' ? change(trial) : [trial])),
  });
};
const failing = ofQueue((trial) => [
  { ...trial, state: 'failed', failure: 'service ended with code 1', phases: [], ledgers: [] },
]);
const untried = ofQueue(() => []);
const notRun: Change = (result) => ({
  ...untried(result),
  patterns: result.patterns.map((one) =>
    one.id === 'queue' ? { ...one, state: 'not-run', reason: 'no broker', hint: null } : one,
  ),
});
const otherGuarantee: Change = (result) => ({
  ...result,
  patterns: result.patterns.map((one) =>
    one.id === 'queue' ? { ...one, guarantee: { ...one.guarantee, label: 'at-most-once' } } : one,
  ),
});
const losing: Change = (result) => ({
  ...result,
  trials: result.trials.map((trial) => ({ ...trial, ledgers: [ledgerOf(600, { lost: 1 })] })),
});
const apart: Change = (result) => ({ ...result, interleave: undefined });
const declared = (situation: CiSituation): CiSituation => ({
  ...situation,
  options: ['--declare', 'pattern Message queue'],
});

/** Writes them as they would lie there: one file of an `ab`, or two of runs. @returns their names */
export function writeSituation(
  { a, b }: CiSituation,
  write: (file: string, result: object) => void,
): string[] {
  if (a.interleave && b) {
    write('ab.json', abRecordOf({ a, b }));
    return ['ab.json'];
  }
  write('a.json', a);
  write('b.json', b ?? {});
  return ['a.json', 'b.json'];
}

/** By the words of the table. */
export const CI_SITUATIONS: Readonly<Record<string, () => CiSituation>> = {
  improved: () => arms({ pairs: 10, factor: 0.7 }),
  equivalent: () => arms(SAME),
  regressed: () => arms({ pairs: 10, factor: 1.3 }),
  'an invariant is broken': () => arms({ pairs: 10, factor: 0.7 }, losing),
  inconclusive: () => arms({ pairs: 1 }),
  'not comparable': () => withQueue(SAME, { a: apart, b: (b) => otherGuarantee(apart(b)) }),
  'a pattern regressed, another is not comparable': () =>
    withQueue(SLOWER, { a: apart, b: (b) => otherGuarantee(apart(b)) }),
  'a trial failed in the head': () => withQueue(SAME, { a: asIs, b: failing }),
  'a pattern was not run in the head': () => withQueue(SAME, { a: asIs, b: notRun }),
  'a pattern has no trial in the head': () => withQueue(SAME, { a: asIs, b: untried }),
  'a pattern is in the base only': () => withQueue(SAME, { a: asIs }),
  'a pattern is in the head only': () => withQueue(SAME, { b: asIs }),
  'a pattern is in the head only, `--declare "pattern NAME"`': () => declared(withQueue(SAME, { b: asIs })),
  'a pattern regressed, another failed': () => withQueue(SLOWER, { a: asIs, b: failing }),
  'a result cannot be read': () => ({ ...arms(SAME), b: undefined }),
};
