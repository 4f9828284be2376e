import { expect, test } from 'vitest';
import type { LoopFigures } from '../../../src/measure/figures/closed-loop.ts';
import type { Result } from '../../../src/record/record.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { printed } from '../../support/reporters.ts';
import { latencyTrial, QUEUE, REST, resultOf, trialOf } from '../../support/result.ts';

const loop = (open: number, acceptedPerS: number | null, donePerS: number | null): LoopFigures => ({
  open,
  calls: 9000,
  failed: acceptedPerS === null ? 3 : 0,
  acceptedPerS,
  donePerS,
  responseP50Us: acceptedPerS === null ? null : (open / acceptedPerS) * 1e6,
});

const loopsOf = (id: number, pattern: string, closedLoops: LoopFigures[]) =>
  trialOf({ id, pattern, kind: 'closed-loop', round: 2, closedLoops });

function result(): Result {
  return resultOf(
    [REST, QUEUE],
    [
      latencyTrial(1, 'rest', 1),
      latencyTrial(2, 'queue', 1),
      loopsOf(3, 'rest', [
        loop(16, 8000, 8000),
        loop(100, 8200, 8100),
        loop(100, null, null),
        loop(16, 8400, 8400),
      ]),
      loopsOf(4, 'queue', [
        loop(100, 9000, 4000),
        loop(16, 4000, 4000),
        loop(16, 5000, 4400),
        loop(16, 4500, 4200),
      ]),
    ],
  );
}

test('each number of calls open is a row, fewest first, with the median and the range of its turns', () => {
  const section = viewOf(result()).tables.find(({ id }) => id === 'closed-loops')!;
  expect(section.rows.map(({ title, part }) => [title, part])).toEqual([
    ['REST', '16 open'],
    ['REST', '100 open'],
    ['Message queue', '16 open'],
    ['Message queue', '100 open'],
  ]);
  const cellsOf = (row: number) =>
    Object.fromEntries(section.columns.map(({ id }, i) => [id, section.rows[row]!.cells[i]!]));
  expect(cellsOf(2)).toMatchObject({
    accepted: { value: 4500, text: '4,500/s', below: '4,000/s–5,000/s' },
    done: { value: 4200 },
    'response-p50': { text: '3.56 ms' },
  });
  // A turn with failures has no figures; the others do.
  expect(cellsOf(1)).toMatchObject({ accepted: { value: 8200, below: null }, failed: { value: 3 } });
});

test('it is what the screen shows and says, and nothing of it is called a capacity', () => {
  const view = viewOf(result());
  expect(view.screen.tables.map(({ id }) => id)).toEqual(['closed-loops']);
  expect(view.findings).toEqual([
    'Closed loop: REST 8,200/s → 8,200/s answered, p50 1.95 ms → 12.2 ms (16 → 100 open); Message queue 4,500/s → 9,000/s accepted, p50 3.56 ms → 11.1 ms (16 → 100 open).',
  ]);
  expect(printed(view, 'markdown')).not.toMatch(/capacity of|closed-loop capacity|of its capacity/);
});

test('without such trials there is no such table', () => {
  const none = resultOf([REST], [latencyTrial(1, 'rest', 1)]);
  expect(viewOf(none).tables.map(({ id }) => id)).not.toContain('closed-loops');
});
