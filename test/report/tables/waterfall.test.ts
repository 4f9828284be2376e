import { describe, expect, it, test } from 'vitest';
import { draw } from '../../../src/kernel/random.ts';
import { createArrivals, outcomeCode } from '../../../src/measure/logs/arrivals.ts';
import {
  mergeWaterfalls,
  nearQuantile,
  type Waterfall,
  waterfallOf,
} from '../../../src/measure/figures/waterfall.ts';
import type { Result } from '../../../src/record/record.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import type { Report } from '../../../src/report/report.ts';
import { bare, printed } from '../../support/reporters.ts';
import { effectAt, START_NS, TRIAL } from '../../measure/synthetic.ts';
import { latencyTrial, QUEUE, REST, resultOf } from '../../support/result.ts';

const COUNT = 600;

/** Of each stage the mean in us, its tail exponential: where the tail is long, p99 is made of it. */
function drawn(meansUs: readonly number[], seed: number, isAnswered: boolean): Waterfall {
  const arrivals = createArrivals(COUNT);
  arrivals.startNs = START_NS;
  const schedule = { count: COUNT, intendedNs: (i: number) => i * 5e6 };
  const effects = Array.from({ length: COUNT }, (_, i) => {
    let ns = START_NS + schedule.intendedNs(i);
    const [dispatched, sent, arrived, begun, completed, acknowledged] = meansUs.map(
      (us, stage) => (ns += Math.round(us * 1000 * -Math.log(1 - draw(seed, 'stage', i, stage)))),
    );
    arrivals.outcome[i] = outcomeCode('ok');
    arrivals.dispatchedNs[i] = dispatched!;
    if (isAnswered) arrivals.sentNs[i] = sent!;
    arrivals.acknowledgedNs[i] = acknowledged!;
    return effectAt(i, 0, { arrivedNs: arrived!, begunNs: begun!, completedNs: completed! });
  });
  return waterfallOf({ trial: TRIAL, schedule, arrivals, effects, subscribers: 1, isAnswered })!;
}

/** Five rounds of a pattern that queues in its service, and of one whose broker is its way there. */
function result(): Result {
  const rounds = [1, 2, 3, 4, 5];
  const rest = (round: number) => drawn([20, 5, 150, 900, 300, 120], round, true);
  const queue = (round: number) => drawn([20, 0, 700, 2, 300, 0], round, false);
  return resultOf(
    [REST, QUEUE],
    rounds.flatMap((round) => [
      latencyTrial(2 * round, 'rest', round, { waterfall: rest(round) }),
      latencyTrial(2 * round + 1, 'queue', round, { waterfall: queue(round) }),
    ]),
  );
}

/** Nothing but the waterfall, and the notes to it. */
function alone(whole: Report): Report {
  const tables = whole.tables.filter(({ id }) => id === 'waterfall');
  const marks = new Set(
    tables.flatMap(({ rows }) => rows.flatMap((row) => row.cells.flatMap((c) => c.marks))),
  );
  const footnotes = whole.caveats.footnotes.filter(({ mark }) => marks.has(mark));
  return {
    ...bare(whole),
    findings: ['Where the time goes'],
    tables,
    caveats: { warnings: [], footnotes },
  };
}

const report = (width: number, explain = true) =>
  printed(alone(viewOf(result())), 'table', { width, explain });

test.each([120, 80])('the waterfall, %d columns', async (width) => {
  await expect(report(width)).toMatchFileSnapshot(`../../golden/waterfall-${width}.txt`);
});

test('a terminal shows it on request only', () => {
  expect(report(120, false)).not.toContain('Way there');
});

describe('its figures', () => {
  const section = viewOf(result()).tables.find(({ id }) => id === 'waterfall')!;

  it('are of all rounds together, and add up', () => {
    const all = result().trials.flatMap(({ pattern, waterfall }) => (pattern === 'rest' ? waterfall! : []));
    const near = nearQuantile(mergeWaterfalls(all)!, 0.5)!;
    const row = section.rows.find(({ pattern, part }) => pattern === 'rest' && part === 'p50')!;
    const [, whole, , ...stages] = row.cells.map(({ value }) => value);
    expect(whole).toBe(near.wholeNs / 1000);
    expect(stages.reduce<number>((sum, us) => sum + us!, 0)).toBeCloseTo(whole!, 6);
  });

  it('are told of those percentiles only that may be printed', () => {
    // 3,000 calls: 30 lie beyond p99, 3 beyond p99.9.
    expect([...new Set(section.rows.map(({ part }) => part))]).toEqual(['p50', 'p99']);
  });

  it('draw bars of one width, whatever was rounded', () => {
    const bars = section.rows.map(({ cells }) => cells[2]!.text);
    expect(new Set(bars.map((bar) => [...bar].length))).toEqual(new Set([24]));
  });
});
