import { expect, test } from 'vitest';
import { comparisonView } from '../../../src/report/comparison/comparison-view.ts';
import { COMPARISONS } from '../../support/compared.ts';

test('the deciding figure has its interval, the margin is symmetric as a ratio, and 1 is no change', () => {
  const { regressed } = COMPARISONS;
  const [picture] = comparisonView(regressed).pictures!;
  const { margin, patterns } = regressed;
  expect(picture).toMatchObject({ id: 'gates', x: { unit: 'ratio', scale: 'log' }, events: [{ at: 1 }] });
  const [span] = picture!.spans;
  expect(span!.to).toBeCloseTo(1 + margin, 12);
  expect(span!.from * span!.to).toBeCloseTo(1, 12);
  const gates = patterns.flatMap(({ gate }) => gate?.interval ?? []);
  const marks = picture!.series.flatMap((one) => (one.kind === 'marks' ? one.marks : []));
  expect(marks.map(({ interval }) => interval)).toEqual(gates.map(({ low, high }) => [low, high]));
  for (const { x } of marks) expect(x >= picture!.x.from && x <= picture!.x.to).toBe(true);
});

test('without results of both sides there are no curves', () => {
  const ids = comparisonView(COMPARISONS.equivalent).pictures!.map(({ id }) => id);
  expect(ids).toEqual(['gates']);
});
