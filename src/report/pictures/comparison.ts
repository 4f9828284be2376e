import { type Comparison, isShareGate, type PatternComparison } from '../../analysis/compare/comparison.ts';
import { variantResults } from '../../analysis/patterns/pattern-result.ts';
import type { Result } from '../../record/record.ts';
import { type ChartMark, FIRST_SCREEN, type MarkSeries, type PlacedChart } from '../charts/chart.ts';
import { isOfShares, marginText, patternNameOf } from '../comparison/comparison-finding.ts';
import { endsOf } from './ends.ts';
import { type NamedPattern, percentilePictures } from './percentiles.ts';

/** The results of both sides, where each is one. */
export interface ComparedResults {
  readonly baseline: Result;
  readonly candidate: Result;
}

/** The deciding figures with the margin, and the curves of both sides over one another. */
export function comparisonPictures(
  comparison: Comparison,
  results: ComparedResults | undefined,
): PlacedChart[] {
  return [...gatesPicture(comparison), ...(results ? curvesOf(comparison, results) : [])];
}

function gatesPicture(comparison: Comparison): PlacedChart[] {
  const { patterns, margin, baseline, candidate } = comparison;
  const series = patterns.flatMap(laneOf);
  const isShares = isOfShares(patterns);
  const same = isShares ? 0 : 1;
  const within = isShares ? { from: -margin, to: margin } : { from: 1 / (1 + margin), to: 1 + margin };
  const all = series.flatMap(({ marks }) => marks.flatMap(({ x, interval = [] }) => [x, ...interval]));
  const ends = endsOf([...all, within.from, within.to]);
  if (series.length === 0 || !ends) return [];
  return [
    {
      id: 'gates',
      title: `${candidate.title} against ${baseline.title}: the deciding figure`,
      about: `The interval of each pattern over all ${comparison.how === 'unpaired' ? 'rounds' : 'pairs'}. Shaded: the margin of ${marginText(comparison)}; an interval wholly within it is equivalent, one wholly beyond it is decided.`,
      behind: FIRST_SCREEN,
      x: isShares
        ? { title: 'candidate − baseline', unit: 'points', scale: 'linear', ...ends }
        : { title: 'candidate / baseline', unit: 'ratio', scale: 'log', ...ends },
      y: null,
      series,
      spans: [{ title: `margin ${marginText(comparison)}`, ...within }],
      events: [{ title: 'no change', at: same }],
    },
  ];
}

function laneOf(pattern: PatternComparison): MarkSeries[] {
  const { gate } = pattern;
  if (!gate?.interval) return [];
  const { low, high } = gate.interval;
  const mark: ChartMark = {
    title: gate.verdict,
    x: isShareGate(gate) ? gate.interval.difference : gate.interval.ratio,
    interval: [low, high],
  };
  return [{ kind: 'marks', title: patternNameOf(pattern), part: '', marks: [mark] }];
}

function curvesOf({ baseline, candidate, patterns }: Comparison, results: ComparedResults): PlacedChart[] {
  const compared = new Set(patterns.map(patternNameOf));
  const named = (result: Result, side: string): NamedPattern[] =>
    variantResults(result)
      .filter(({ name }) => compared.has(name))
      .map((pattern) => ({
        name: result.patterns.length > 1 ? `${pattern.name}: ${side}` : side,
        pattern,
      }));
  const [a, b] = [named(results.baseline, baseline.title), named(results.candidate, candidate.title)];
  const lines = a.flatMap((one, i) => [one, ...b.slice(i, i + 1)]);
  return percentilePictures([...lines, ...b.slice(a.length)], 'gates');
}
