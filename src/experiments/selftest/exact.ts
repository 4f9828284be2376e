import type { Phase, Series } from '../../measure/figures/figures.ts';
import { maxErrorUs, quantileUs } from '../../measure/figures/histogram.ts';
import { checked, type MeasuredTrial, type SelftestCheck } from './check.ts';
import { completions } from './truth.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';

const QUANTILES = [0.5, 0.9, 0.99, 0.999] as const;

/** A reported series, and the instants that it should have been made of: latencies in ns, in any order. */
interface Pair {
  readonly name: string;
  readonly series: Series;
  readonly exactNs: readonly number[];
}

/**
 * Reported quantiles against the exact ones (nearest rank) of the raw instants, sorted here and now:
 * they may differ by the histogram's own error and nothing else.
 */
export function exactQuantilesCheck(pattern: ResolvedPattern, all: readonly MeasuredTrial[]): SelftestCheck {
  const pairs = all.flatMap((seen) => seen.trial.phases.flatMap((phase) => pairsOf(pattern, seen, phase)));
  const misses = pairs.flatMap(missesOf);
  return checked(pattern, all[0]!, {
    name: 'quantiles',
    seeded: `${pairs.length * QUANTILES.length} exact quantiles of raw instants`,
    reported: misses.length === 0 ? 'all equal' : misses.slice(0, 3).join('; '),
    tolerance: "± the histogram's own error",
    passed: misses.length === 0,
  });
}

function pairsOf(pattern: ResolvedPattern, { raw }: MeasuredTrial, phase: Phase): Pair[] {
  const { arrivals, schedule } = raw.logs;
  const dueNs = (i: number) => arrivals.startNs + schedule.intendedNs(i);
  const isIn = (i: number) => schedule.intendedNs(i) >= phase.fromNs && schedule.intendedNs(i) < phase.toNs;
  const due = [...arrivals.outcome.keys()].filter(isIn);
  const ok = due.filter((i) => arrivals.outcome[i] === 1);
  const sent = due.filter((i) => !Number.isNaN(arrivals.dispatchedNs[i]!));
  const { byAny, byAll } = completions(raw, pattern.subscribers);
  const sinceDue = (done: ReadonlyMap<number, number>) =>
    [...done].filter(([i]) => isIn(i)).map(([i, atNs]) => atNs - dueNs(i));
  const responses = ok.map((i) => arrivals.acknowledgedNs[i]! - dueNs(i));
  const lags = sent.map((i) => arrivals.dispatchedNs[i]! - dueNs(i));
  const { response, dispatchLag, completion, firstCompletion } = phase;
  return [
    { name: 'response', series: response, exactNs: responses },
    { name: 'dispatch lag', series: dispatchLag, exactNs: lags },
    { name: 'completion', series: completion, exactNs: sinceDue(byAll) },
    ...(pattern.subscribers > 1
      ? [{ name: 'first completion', series: firstCompletion!, exactNs: sinceDue(byAny) }]
      : []),
  ];
}

function missesOf({ name, series, exactNs }: Pair): string[] {
  if (series.count !== exactNs.length) return [`${name}: ${series.count} samples of ${exactNs.length}`];
  const sorted = Float64Array.from(exactNs).toSorted();
  return QUANTILES.flatMap((q) => {
    const exactUs = Math.max(1, sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]! / 1000);
    const reportedUs = quantileUs(series, q)!;
    const isNear = Math.abs(reportedUs - exactUs) <= maxErrorUs(exactUs);
    return isNear ? [] : [`${name} p${q * 100}: ${reportedUs} us, exact ${exactUs.toFixed(1)}`];
  });
}
