import { expect, test } from 'vitest';
import { thinned } from '../../../src/report/pictures/thinned.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { lateIn, completeResult } from '../../support/result.ts';

const pictureOf = (result = completeResult(), id: string) =>
  viewOf(result).pictures!.find((one) => one.id === id)!;

test('an outage has a lane for confirm and one for done, bars of 100 ms, and when the service was ready again', () => {
  const { series, spans, events, x } = pictureOf(undefined, 'service-outage');
  expect(series.map((one) => one.kind === 'bars' && [one.title, one.part])).toEqual([
    ['REST', 'until done'],
    ['Message queue', 'until confirm'],
    ['Message queue', 'until done'],
  ]);
  expect([x.from, x.to]).toEqual([0, 12e9]);
  expect(spans).toEqual([{ title: 'service killed', from: 3e9, to: 7e9 }]);
  expect(events).toEqual([
    { title: 'ready again', at: 7.21e9, of: 'REST' },
    { title: 'ready again', at: 7.21e9, of: 'Message queue' },
  ]);
  const [rest, , queue] = series.map((one) => (one.kind === 'bars' ? one.bars : []));
  const inFault = (bars: typeof rest) => bars!.filter(({ from, to }) => from >= 3e9 && to <= 7e9);
  expect(inFault(rest).every(({ y }) => y === null)).toBe(true);
  expect(inFault(queue).every(({ y }) => y !== null && y > 90_000)).toBe(true);
});

test('what is not valid is hollow: a late generator at one percentile, a trial that is not valid at both', () => {
  const hollow = (result = completeResult()) =>
    pictureOf(result, 'overview').series.map(
      (one) => one.kind === 'marks' && one.marks.map((mark) => mark.isHollow === true),
    );
  expect(hollow().flat()).not.toContain(true);
  const { trials, ...result } = completeResult();
  const late = trials.map((trial) =>
    trial.pattern === 'rest' && trial.kind === 'latency'
      ? { ...trial, phases: lateIn(trial.phases, 0.02) }
      : trial,
  );
  expect(hollow({ ...result, trials: late })[0]).toEqual([false, true]);
  const disturbed = trials.map((trial) =>
    trial.id === 3 ? { ...trial, validity: { ...trial.validity, verdict: 'disturbed' as const } } : trial,
  );
  expect(hollow({ ...result, trials: disturbed })[0]).toEqual([true, true]);
});

test('a curve ends where there are too few calls', () => {
  const [curve] = pictureOf(undefined, 'percentiles-response').series;
  const known = curve!.kind === 'points' ? curve!.points.map(({ x }) => x) : [];
  // 3,000 calls: 20 are beyond 0.993.
  expect(known.at(-1)).toBe(0.99);
  expect(known[0]).toBe(0.5);
});

test('thinned bars keep the highest of each, and what is unknown among its like alone', () => {
  const bars = [1, 5, null, null, null, 2, 7].map((y, i) => ({ from: i, to: i + 1, y }));
  expect(thinned(bars, 4)).toEqual([
    { from: 0, to: 2, y: 5 },
    { from: 2, to: 4, y: null },
    { from: 4, to: 6, y: 2 },
    { from: 6, to: 7, y: 7 },
  ]);
  expect(thinned(bars)).toEqual(bars);
});
