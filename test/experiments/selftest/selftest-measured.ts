import { NS_PER_MS } from '../../../src/kernel/clock.ts';
import type { Effect } from '../../../src/measure/logs/effect-log.ts';
import { validityOf } from '../../../src/measure/validity/validity.ts';
import type { MeasuredTrial, SelftestCheck } from '../../../src/experiments/selftest/check.ts';
import type { ResolvedPattern } from '../../../src/plan/spec.ts';
import { arrivalsOf, type Fate, measured, TRIAL } from '../../measure/synthetic.ts';

/** Trials made by hand, for the selftest's own checks: no process, no clock. Arrivals come every 10 ms. */
export const EVERY_MS = 10;

export const rest = { title: 'REST', interaction: 'request-reply', subscribers: 1 } as ResolvedPattern;
export const events = {
  title: 'Event-driven',
  interaction: 'publish-subscribe',
  subscribers: 2,
} as ResolvedPattern;

export interface Made {
  readonly pattern?: ResolvedPattern;
  readonly fates: readonly Fate[];
  /** In any order; the log has them in the order of their instants. */
  readonly effects: readonly Effect[];
  /** From and to, ms. */
  readonly fault?: readonly [number, number];
  /** Names, and where each begins, ms; one phase by default. */
  readonly phases?: readonly (readonly [string, number])[];
}

export function seenOf({
  pattern = rest,
  fates,
  effects,
  fault,
  phases = [['baseline', 0]],
}: Made): MeasuredTrial {
  const log = effects.toSorted((a, b) => a.completedNs - b.completedNs);
  const endMs = fates.length * EVERY_MS;
  const figures = measured(fates, log, {
    phases: phases.map(([name, fromMs], i) => ({
      name,
      fromNs: fromMs * NS_PER_MS,
      toNs: (phases[i + 1]?.[1] ?? endMs) * NS_PER_MS,
    })),
    deadlineNs: 60_000 * NS_PER_MS,
    subscribers: pattern.subscribers,
  });
  const validity = validityOf({
    phases: figures.phases,
    measuredNs: 1e12,
    unsent: figures.unsent,
    torn: 0,
    unexplained: figures.unexplained,
    missing: [],
    disturbed: [],
    failure: null,
    generator: null,
    machine: { steal: null, others: null },
  });
  const faults = fault ? [{ injectedNs: fault[0] * NS_PER_MS, liftedNs: fault[1] * NS_PER_MS }] : [];
  return {
    trial: { id: TRIAL, ...figures, validity },
    raw: {
      logs: {
        arrivals: arrivalsOf(fates),
        effects: log,
        schedule: { count: fates.length, intendedNs: (i: number) => i * EVERY_MS * NS_PER_MS },
      },
      faults,
    },
  } as unknown as MeasuredTrial;
}

export function verdicts(checks: readonly SelftestCheck[]): string[] {
  return checks.map(({ verdict }) => verdict);
}

export function numbers(count: number): number[] {
  return Array.from({ length: count }, (_, i) => i);
}
