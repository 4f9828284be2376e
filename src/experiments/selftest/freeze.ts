import { NS_PER_MS } from '../../kernel/clock.ts';
import { rankOf } from '../../measure/figures/histogram.ts';
import { checked, type MeasuredTrial, type SelftestCheck } from './check.ts';
import { msText, quantileMs, workOf, workSeries } from './figures.ts';
import { completions } from './truth.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';

const TOLERANCE = 0.03;
const TOLERANCE_TEXT = '± 3 %';

/**
 * A service frozen for F at rate r: the k-th of the held arrivals waits F - (k-1)/r for the thaw, and then
 * until k messages were worked off. As these are worked off faster than they came, and in their order (one
 * key: a broker has them in one row), the k-th waits k-th longest: quantile q of n is k = n - rank(q) + 1.
 * F is from the signals' own clock, the working off from the effect log.
 */
export function freezeChecks(pattern: ResolvedPattern, seen: MeasuredTrial): SelftestCheck[] {
  return [freezeCounts(pattern, seen), ...freezeQuantiles(pattern, seen)];
}

function freezeCounts(pattern: ResolvedPattern, seen: MeasuredTrial): SelftestCheck {
  const { planned, phases, ledgers } = seen.trial;
  const once = ledgers.map((ledger) => ledger.accepted.done1);
  const { correct } = phases[0]!;
  return checked(pattern, seen, {
    name: 'service frozen, counts',
    seeded: `${planned} of ${planned}, each once${pattern.subscribers > 1 ? ' by each subscriber' : ''}`,
    reported: `${correct} correct, ${once.join(' and ')} done once`,
    tolerance: 'exactly',
    passed: correct === planned && once.length === pattern.subscribers && once.every((n) => n === planned),
  });
}

function freezeQuantiles(pattern: ResolvedPattern, seen: MeasuredTrial): SelftestCheck[] {
  const { trial, raw } = seen;
  const { frozenMs, ratePerMs } = freezeOf(seen);
  const thawNs = raw.logs.arrivals.startNs + raw.faults[0]!.liftedNs!;
  const workedOffMs = [...completions(raw, pattern.subscribers).byAll.values()]
    .filter((atNs) => atNs >= thawNs)
    .toSorted((a, b) => a - b)
    .map((atNs) => (atNs - thawNs) / NS_PER_MS);
  return [0.9, 0.99, 0.999].map((q) => {
    const earlier = trial.planned - rankOf(q, trial.planned);
    const expectedMs = frozenMs - earlier / ratePerMs + (workedOffMs[earlier] ?? Number.NaN);
    const reportedMs = quantileMs(workSeries(pattern, trial.phases[0]!), q);
    return checked(pattern, seen, {
      name: `service frozen, ${workOf(pattern)} p${q * 100}`,
      seeded: msText(expectedMs),
      reported: msText(reportedMs),
      tolerance: TOLERANCE_TEXT,
      passed: Math.abs(reportedMs / expectedMs - 1) <= TOLERANCE,
    });
  });
}

function freezeOf({ trial, raw }: MeasuredTrial) {
  const fault = raw.faults[0]!;
  return {
    frozenMs: (fault.liftedNs! - fault.injectedNs!) / NS_PER_MS,
    ratePerMs: trial.planned / (trial.phases[0]!.toNs / NS_PER_MS),
  };
}

/**
 * A generator frozen for F at rate r: the k-th of what was due meanwhile is sent F - (k-1)/r late, at once
 * when it goes on. That is its own lag and not the service's time, and the trial is called generator-bound.
 */
export function generatorFreezeChecks(pattern: ResolvedPattern, seen: MeasuredTrial): SelftestCheck[] {
  const { trial, raw } = seen;
  const phase = trial.phases[0]!;
  const { frozenMs, ratePerMs } = freezeOf(seen);
  const earlier = trial.planned - rankOf(0.99, trial.planned);
  const expectedMs = frozenMs - earlier / ratePerMs;
  const lagMs = quantileMs(phase.dispatchLag, 0.99);
  const p99Ms = quantileMs(phase.serviceTime, 0.99);
  const p50Ms = quantileMs(phase.serviceTime, 0.5);
  const beforeMs = serviceP50Before(raw, raw.faults[0]!.injectedNs!);
  const causes = new Set(trial.validity.causes.map((c) => c.cause));
  const unsent = phase.outcomes.unsent ?? 0;
  return [
    checked(pattern, seen, {
      name: 'generator frozen, lag',
      seeded: `dispatch lag p99 ${msText(expectedMs)}`,
      reported: msText(lagMs),
      tolerance: TOLERANCE_TEXT,
      passed: Math.abs(lagMs / expectedMs - 1) <= TOLERANCE,
    }),
    checked(pattern, seen, {
      name: 'generator frozen, service time',
      seeded: `p50 ${msText(beforeMs)} as before the freeze, p99 below ${msText(lagMs / 10)}`,
      reported: `p50 ${msText(p50Ms)}, p99 ${msText(p99Ms)}`,
      tolerance: 'p50 ± 0.5 ms or 25 %',
      passed: Math.abs(p50Ms - beforeMs) <= Math.max(0.5, beforeMs / 4) && p99Ms < lagMs / 10,
    }),
    checked(pattern, seen, {
      name: 'generator frozen, verdict',
      seeded: `generator-bound, although all ${trial.planned} were sent`,
      reported: `${[...causes].join(', ') || 'valid'}, ${trial.planned - unsent} sent`,
      tolerance: 'exactly',
      passed: causes.has('generator-bound') && unsent === 0,
    }),
  ];
}

/** Exact median service time (ms) of the arrivals that were answered before the freeze. */
function serviceP50Before({ logs: { arrivals } }: MeasuredTrial['raw'], injectedNs: number): number {
  const end = arrivals.startNs + injectedNs;
  const took = [...arrivals.outcome.keys()]
    .filter((i) => arrivals.outcome[i] === 1 && arrivals.acknowledgedNs[i]! < end)
    .map((i) => arrivals.acknowledgedNs[i]! - arrivals.dispatchedNs[i]!)
    .toSorted((a, b) => a - b);
  return took[Math.ceil(took.length / 2) - 1]! / NS_PER_MS;
}
