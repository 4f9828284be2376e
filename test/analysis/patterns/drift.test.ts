import { describe, expect, test } from 'vitest';
import { wholeCpuUs } from '../../../src/analysis/patterns/cpu.ts';
import { driftsOf } from '../../../src/analysis/patterns/drift.ts';
import { orderOf } from '../../../src/analysis/patterns/order.ts';
import { patternResults } from '../../../src/analysis/patterns/pattern-result.ts';
import { sideBySide } from '../../../src/analysis/patterns/side-by-side.ts';
import type { Result, Trial } from '../../../src/record/record.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { latencyTrial, phaseOf, QUEUE, REST, resultOf } from '../../support/result.ts';

const [COLD, WARM] = [3717, 754];

/** Five rounds of REST, and of a queue with these medians (ms) and CPU per request of its broker (us). */
function resultWith(
  medians: readonly number[],
  brokerUs: readonly number[] = medians.map(() => WARM),
): Result {
  const trials = medians.flatMap((leastMs, i): Trial[] => {
    const queue = latencyTrial(2 * i + 2, 'queue', i + 1);
    const done = { leastMs, tailMs: 0.01 };
    return [
      latencyTrial(2 * i + 1, 'rest', i + 1),
      {
        ...queue,
        phases: [phaseOf(600, { leastMs: 0.9, tailMs: 0.5 }, done, 10 * i)],
        cost: { ...queue.cost, brokerUs: brokerUs[i]! },
      },
    ];
  });
  return resultOf([REST, QUEUE], trials);
}

const queueOf = (result: Result) => patternResults(result)[1]!;
const figuresOf = (result: Result) => driftsOf(queueOf(result)).map(({ figure }) => figure);

const FALLING = [14, 9, 5, 4, 3.5];
const STEADY = [4, 3.6, 4.1, 3.5, 3.9];
const WARMING = [COLD, 2131, 1110, 900, WARM];

describe('a pattern is drifting', () => {
  test('where its completion time, or the CPU of its broker, falls from round to round', () => {
    expect(figuresOf(resultWith(FALLING))).toEqual(['completion']);
    expect(figuresOf(resultWith(STEADY, WARMING))).toEqual(['cpu-broker']);
    expect(figuresOf(resultWith(FALLING.toReversed(), WARMING))).toEqual(['completion', 'cpu-broker']);
    expect(driftsOf(queueOf(resultWith(STEADY, WARMING)))[0]).toMatchObject({
      firstUs: COLD,
      lastUs: WARM,
      rounds: 5,
    });
  });

  test('not by scatter, not by less than a tenth, and not for all that four rounds tell', () => {
    expect(figuresOf(resultWith(STEADY))).toEqual([]);
    expect(figuresOf(resultWith([4, 3.95, 3.9, 3.85, 3.8]))).toEqual([]);
    expect(figuresOf(resultWith(FALLING.slice(0, 4), WARMING.slice(0, 4)))).toEqual([]);
  });

  test('not where its latencies are of a backlog, which grows for a reason of its own', () => {
    const result = resultWith(FALLING);
    const saturated = { verdict: 'saturated', detail: 'a backlog' } as const;
    const trials = result.trials.map((trial) => ({ ...trial, load: saturated }));
    expect(figuresOf({ ...result, trials })).toEqual([]);
  });
});

describe('a drifting pattern', () => {
  const result = resultWith(FALLING, WARMING);

  test('is not ranked, and the others are', () => {
    const [rest, queue] = patternResults(result);
    expect(orderOf([rest!, queue!], 'completion')).toEqual([[rest]]);
    const { rounds, excluded } = sideBySide(queue!, rest!, 'completion');
    expect(rounds).toEqual([]);
    expect(new Set(excluded.map(({ why }) => why.code))).toEqual(new Set(['drifting']));
    expect(viewOf(result).findings.join('\n')).not.toMatch(/soonest: REST/);
  });

  test('is not averaged: its cells run from the first round to the last, and one line says so', () => {
    const { tables, caveats } = viewOf(result);
    const cellOf = (table: string, column: string) => {
      const { columns, rows } = tables.find(({ id }) => id === table)!;
      return rows[1]!.cells[columns.findIndex(({ id }) => id === column)]!;
    };
    expect(cellOf('cost', 'cpu-broker')).toMatchObject({ text: '3,717 → 754 µs', value: null });
    expect(cellOf('latency', 'completion-p50').text).toMatch(/^14\.0 ms → 3\.5\d ms$/);
    expect(cellOf('latency', 'completion-p50').value).toBeNull();
    expect(wholeCpuUs(result, queueOf(result))).toBeUndefined();
    const texts = caveats.warnings.filter(({ code }) => code === 'drifting').map(({ text }) => text);
    expect(texts).toHaveLength(1);
    expect(texts[0]).toMatch(
      /^Message queue: drifting, so not ranked and not averaged: completion p50 fell from 14\.0 ms to 3\.5\d ms over 5 rounds; CPU per request of the broker fell from 3,717 µs to 754 µs over 5 rounds\.$/,
    );
  });
});

test('a trend within the trials is told by the parts of all rounds together, and only if it is one', () => {
  const parts = (medianOf: (part: number) => number | null) => {
    const result = resultWith(STEADY);
    const windows = Array.from({ length: 10 }, (_, part) => medianOf(part));
    const trials = result.trials.map((trial, i) =>
      trial.pattern === 'queue'
        ? { ...trial, completionWindowsUs: windows.map((us) => us && us * (1 + (i % 3) / 10)) }
        : trial,
    );
    return viewOf({ ...result, trials }).caveats.warnings.filter(({ code }) => code === 'trend-within');
  };
  expect(parts((part) => 1000 - 20 * part)[0]!.text).toMatch(
    /^Message queue: completion p50 fell within its trials, from 1\.\d+ ms in the first of 10 parts to/,
  );
  // Less than a tenth in all; in no order; one part unknown.
  expect(parts((part) => 1000 - 5 * part)).toEqual([]);
  expect(parts((part) => (part % 2 === 0 ? 1000 : 700))).toEqual([]);
  expect(parts((part) => (part === 4 ? null : 1000 - 20 * part))).toEqual([]);
});
