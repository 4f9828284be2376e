import type { Series } from '../measure/figures.ts';
import { maxErrorUs, quantileUs } from '../measure/histogram.ts';
import type { Seen, SelftestCheck } from './selftest-check.ts';
import type { Row } from './spec.ts';

const QUANTILES = [0.5, 0.9, 0.99, 0.999] as const;

/**
 * Reported quantiles against the exact ones (nearest rank) of the raw instants, sorted here and now:
 * they may differ by the histogram's own error and nothing else.
 */
export function exactQuantilesCheck(row: Row, all: readonly Seen[]): SelftestCheck {
  const misses = all.flatMap((seen) => missesOf(seen));
  const compared = all.length * 3 * QUANTILES.length;
  return {
    name: `${row.title}: quantiles`,
    planted: `${compared} exact quantiles of raw instants`,
    reported: misses.length === 0 ? 'all equal' : misses.slice(0, 3).join('; '),
    tolerance: "the histogram's own error",
    passed: misses.length === 0,
  };
}

function missesOf({ trial, raw }: Seen): string[] {
  const phase = trial.phases[0]!;
  const { arrivals, schedule } = raw;
  const intended = (i: number) => arrivals.startNs + schedule.intendedNs(i);
  const ok = [...arrivals.outcome.keys()].filter((i) => arrivals.outcome[i] === 1);
  const sent = [...arrivals.outcome.keys()].filter((i) => !Number.isNaN(arrivals.dispatchedNs[i]!));
  const response = ok.map((i) => arrivals.acknowledgedNs[i]! - intended(i));
  const lag = sent.map((i) => arrivals.dispatchedNs[i]! - intended(i));
  const firstDone = new Map<number, number>();
  for (const effect of raw.effects) {
    if (effect.stage === 'measured' && !firstDone.has(effect.sequence)) {
      firstDone.set(effect.sequence, effect.completedNs);
    }
  }
  const completion = [...firstDone].map(([i, atNs]) => atNs - intended(i));
  return [
    ...compare('response', phase.response, response),
    ...compare('dispatch lag', phase.dispatchLag, lag),
    ...compare('completion', phase.completion, completion),
  ];
}

function compare(name: string, series: Series, valuesNs: readonly number[]): string[] {
  if (series.count !== valuesNs.length) return [`${name}: ${series.count} samples of ${valuesNs.length}`];
  const sorted = Float64Array.from(valuesNs).toSorted();
  return QUANTILES.flatMap((q) => {
    const exactUs = Math.max(1, sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)]! / 1000);
    const reportedUs = quantileUs(series, q)!;
    const isNear = Math.abs(reportedUs - exactUs) <= maxErrorUs(exactUs);
    return isNear ? [] : [`${name} p${q * 100}: ${reportedUs} us, exact ${exactUs.toFixed(1)}`];
  });
}
