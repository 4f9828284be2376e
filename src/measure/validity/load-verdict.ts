import { type ClosedLoopCapacity, weakestPerS } from '../figures/capacity.ts';
import type { LoadVerdict, Phase } from '../figures/figures.ts';

/** Thresholds of the load verdict (DESIGN 3.8), printed with every report. */
export const LOAD_LIMITS = {
  /** Least share of calls correct, and of work done within the deadline. */
  share: 0.95,
  /** Backlog that counts as work in hand, if the arrivals of the last second are fewer. */
  backlog: 20,
} as const;

/** The same as sentences. */
export const LOAD_RULES: readonly string[] = [
  `saturated: without a fault, less than ${LOAD_LIMITS.share * 100} % correct or done within the deadline, or a backlog at the last arrival above the arrivals of the last second (at least ${LOAD_LIMITS.backlog}); a rate above the pattern's capacity is mentioned beside these, and does not suffice`,
  'saturated with a fault: the same shares, of calls whose deadline had passed when the first fault was injected',
  'faulted: a fault was injected, and calls failed or work was done late',
  'sustained: neither',
];

type Counts = Pick<Phase, 'planned' | 'correct' | 'doneInTime'>;

export interface LoadEvidence {
  readonly phases: readonly Counts[];
  /** Arrivals whose deadline had passed when the first fault was injected; used in a trial with faults. */
  readonly beforeFaults: Counts;
  /** The faults that were injected, in words; empty in a trial without. */
  readonly faults: readonly string[];
  /** False without an effect log: then the completed work is unknown. */
  readonly hasEffectLog: boolean;
  readonly backlogAtLastArrival: number;
  readonly arrivalsInLastSecond: number;
  /** The greatest rate of the schedule. */
  readonly peakPerS: number;
  /** From the closed-loop probe; null = unknown. */
  readonly capacity: ClosedLoopCapacity;
}

/**
 * Did the system keep up? A finding, never a reason to disbelieve the figures. In a trial with a fault the saturation
 * rules apply only before it: too much load from the start is not the fault's effect. The capacity explains a pattern
 * that fell behind, and is no verdict by itself (docs/decisions/0001).
 */
export function loadVerdictOf(evidence: LoadEvidence): LoadVerdict {
  const isFaulted = evidence.faults.length > 0;
  const undisturbed = isFaulted ? [evidence.beforeFaults] : evidence.phases;
  const excess = [...shortfall(undisturbed, evidence.hasEffectLog), ...(isFaulted ? [] : backlog(evidence))];
  if (excess.length > 0) {
    return { verdict: 'saturated', detail: [...excess, ...aboveCapacity(evidence)].join('; ') };
  }
  const harm = isFaulted ? harmOf(evidence.phases, evidence.hasEffectLog) : undefined;
  if (harm) return { verdict: 'faulted', detail: `${evidence.faults.join(', ')}: ${harm}` };
  return {
    verdict: 'sustained',
    detail: isFaulted ? `${evidence.faults.join(', ')}: no call was affected` : 'kept up',
  };
}

function aboveCapacity({ peakPerS, capacity }: LoadEvidence): string[] {
  const least = weakestPerS(capacity) ?? Infinity;
  return peakPerS > least ? [`${round(peakPerS)}/s is above the capacity of ${round(least)}/s`] : [];
}

function shortfall(phases: readonly Counts[], hasEffectLog: boolean): string[] {
  const { planned, correct, doneInTime } = sum(phases);
  const below = (n: number) => n < LOAD_LIMITS.share * planned;
  const share = (n: number) => `${((100 * n) / planned).toFixed(1)} % (limit ${LOAD_LIMITS.share * 100} %)`;
  return [
    ...(below(correct) ? [`correct: ${share(correct)}`] : []),
    ...(hasEffectLog && below(doneInTime) ? [`done within the deadline: ${share(doneInTime)}`] : []),
  ];
}

function backlog({ hasEffectLog, backlogAtLastArrival: open, arrivalsInLastSecond }: LoadEvidence): string[] {
  const most = Math.max(LOAD_LIMITS.backlog, arrivalsInLastSecond);
  return hasEffectLog && open > most ? [`backlog of ${open} at the last arrival (limit ${most})`] : [];
}

function harmOf(phases: readonly Counts[], hasEffectLog: boolean): string | undefined {
  const { planned, correct, doneInTime } = sum(phases);
  const late = hasEffectLog ? planned - doneInTime : 0;
  if (correct === planned && late === 0) return undefined;
  return `${planned - correct} of ${planned} calls not correct, ${late} not done within the deadline`;
}

function sum(phases: readonly Counts[]) {
  const total = { planned: 0, correct: 0, doneInTime: 0 };
  for (const phase of phases) {
    total.planned += phase.planned;
    total.correct += phase.correct;
    total.doneInTime += phase.doneInTime;
  }
  return total;
}

function round(perS: number): number {
  return Math.round(perS);
}
