import type { Finding, FoundFigure } from '../../analysis/finding.ts';
import { type Crossover, findingIn } from './found.ts';

/** The crossover points, as data. */
export function crossoverFindingData(record: Crossover): Finding[] {
  const { patterns, question } = record;
  const finding = findingIn(record);
  const subject = patterns.map(({ id }) => ({ kind: 'pattern', id }) as const);
  const unit = { payload: 'bytes', rate: 'per-s', outage: 'count' } as const;
  if (finding.kind !== 'crossovers') {
    const verdict = finding.kind === 'none' ? `none-${finding.side}` : 'inconclusive';
    return [{ code: 'crossover-point', subject, figures: [], verdict, caveats: [] }];
  }
  return finding.crossovers.map(({ low, high, below, above }) => {
    const value = Math.sqrt(low * high);
    const figure: FoundFigure = {
      name: `at-${question}`,
      value,
      unit: unit[question],
      interval: { low, high },
    };
    return {
      code: 'crossover-point',
      subject,
      figures: [figure],
      verdict: 'found',
      terms: { below, above },
      caveats: [],
    };
  });
}
