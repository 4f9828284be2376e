import { type ClosedLoopCapacity, weakestPerS } from '../figures/capacity.ts';
import type { Outcome } from '../../kernel/outcome.ts';
import type { LoadVerdict, Phase } from '../figures/figures.ts';

/** Thresholds of the load verdict (DESIGN 3.8), printed with every report. */
export const LOAD_LIMITS = {
  /** Least share of calls correct, and of work done within the deadline. */
  share: 0.95,
  /** Backlog that counts as work in hand, if the arrivals of the last second are fewer. */
  backlog: 20,
} as const;

/** Ends of a call that load alone does not cause: time-outs, and what an own policy rejected, are left out. */
const FAILURES = ['error', 'contract-broken', 'refused', 'connection-lost'] satisfies Outcome[];

/** The same as sentences. */
export const LOAD_RULES: readonly string[] = [
  `saturated: without a fault, less than ${LOAD_LIMITS.share * 100} % correct or done within the deadline, or a backlog at the last arrival above the arrivals of the last second (at least ${LOAD_LIMITS.backlog}); a rate above that of the pattern's closed loop is mentioned beside these, and does not suffice`,
  `failing: a target with less than ${LOAD_LIMITS.share * 100} % correct, of whose calls at most ${100 - LOAD_LIMITS.share * 100} % had no answer in time: the others failed by their answers or lost their connection`,
  'saturated or failing with a fault: the same shares, of calls whose deadline had passed when the first fault was injected',
  'faulted: a fault was injected, and calls failed or work was done late',
  'sustained: none of these; what was sent unconfirmed is neither correct nor failed',
];

export type LoadCounts = Pick<Phase, 'planned' | 'correct' | 'doneInTime' | 'unconfirmed' | 'outcomes'>;

export interface LoadEvidence {
  readonly phases: readonly LoadCounts[];
  /** Arrivals whose deadline had passed when the first fault was injected; undefined where there were none. */
  readonly beforeFaults: LoadCounts | undefined;
  /** The faults that were injected, in words; empty in a trial without. */
  readonly faults: readonly string[];
  /** A service of the user's own, which fails calls for reasons of its own; ours do it under load only. */
  readonly isTarget: boolean;
  /** False without an effect log: then the completed work is unknown. */
  readonly hasEffectLog: boolean;
  readonly backlogAtLastArrival: number;
  readonly arrivalsInLastSecond: number;
  /** The greatest rate of the schedule. */
  readonly peakPerS: number;
  /** Of the closed loop in the warm-up; null = unknown. */
  readonly capacity: ClosedLoopCapacity;
}

/**
 * Did the system keep up? A finding, never a reason to disbelieve the figures. In a trial with a fault the saturation
 * rules apply only before it: too much load from the start is not the fault's effect. The closed loop explains a
 * pattern that fell behind, and is no verdict by itself (docs/decisions/0001).
 */
export function loadVerdictOf(evidence: LoadEvidence): LoadVerdict {
  const isFaulted = evidence.faults.length > 0;
  const undisturbed = sum(isFaulted ? [evidence.beforeFaults ?? NO_CALLS] : evidence.phases);
  const excess = [...shortfall(undisturbed, evidence), ...(isFaulted ? [] : backlog(evidence))];
  if (excess.length > 0) {
    return { verdict: 'saturated', detail: [...excess, ...aboveClosedLoop(evidence)].join('; ') };
  }
  if (isBelow(undisturbed.known, undisturbed.correct))
    return { verdict: 'failing', detail: failureText(undisturbed) };
  const harm = isFaulted ? harmOf(evidence.phases, evidence.hasEffectLog) : undefined;
  if (harm) return { verdict: 'faulted', detail: `${evidence.faults.join(', ')}: ${harm}` };
  return {
    verdict: 'sustained',
    detail: isFaulted ? `${evidence.faults.join(', ')}: no call was affected` : 'kept up',
  };
}

function aboveClosedLoop({ peakPerS, capacity }: LoadEvidence): string[] {
  const least = weakestPerS(capacity) ?? Infinity;
  return peakPerS > least ? [`${round(peakPerS)}/s is above the ${round(least)}/s of its closed loop`] : [];
}

function shortfall(counts: Sum, { isTarget, hasEffectLog }: LoadEvidence): string[] {
  const { known, correct, planned, doneInTime } = counts;
  const failed = isTarget ? counts.failed : 0;
  return [
    ...(isBelow(known, correct + failed) ? [`correct: ${shareText(correct, known)}`] : []),
    ...(hasEffectLog && isBelow(planned, doneInTime + failed)
      ? [`done within the deadline: ${shareText(doneInTime, planned)}`]
      : []),
  ];
}

function isBelow(of: number, n: number): boolean {
  return n < LOAD_LIMITS.share * of;
}

function shareText(n: number, of: number): string {
  return `${((100 * n) / of).toFixed(1)} % (limit ${LOAD_LIMITS.share * 100} %)`;
}

/** `correct: 85.7 % (limit 95 %); connection-lost ×20`. */
function failureText({ known, correct, outcomes }: Sum): string {
  const ends = FAILURES.flatMap((outcome) => {
    const n = outcomes[outcome] ?? 0;
    return n > 0 ? [`${outcome} ×${n}`] : [];
  });
  return [`correct: ${shareText(correct, known)}`, ends.join(', ')].join('; ');
}

function backlog({ hasEffectLog, backlogAtLastArrival: open, arrivalsInLastSecond }: LoadEvidence): string[] {
  const most = Math.max(LOAD_LIMITS.backlog, arrivalsInLastSecond);
  return hasEffectLog && open > most ? [`backlog of ${open} at the last arrival (limit ${most})`] : [];
}

function harmOf(phases: readonly LoadCounts[], hasEffectLog: boolean): string | undefined {
  const { planned, known, correct, doneInTime } = sum(phases);
  const late = hasEffectLog ? planned - doneInTime : 0;
  if (correct === known && late === 0) return undefined;
  return `${known - correct} of ${planned} calls not correct, ${late} not done within the deadline`;
}

interface Sum extends LoadCounts {
  /** Planned, less what was sent unconfirmed. */
  readonly known: number;
  readonly failed: number;
}

const NO_CALLS: LoadCounts = { planned: 0, correct: 0, doneInTime: 0, unconfirmed: 0, outcomes: {} };

function sum(all: readonly LoadCounts[]): Sum {
  const total = (of: (counts: LoadCounts) => number) => all.reduce((n, counts) => n + of(counts), 0);
  const outcomes = Object.fromEntries(
    FAILURES.map((outcome) => [outcome, total((counts) => counts.outcomes[outcome] ?? 0)]),
  );
  const [planned, unconfirmed] = [total((one) => one.planned), total((one) => one.unconfirmed)];
  return {
    planned,
    unconfirmed,
    known: planned - unconfirmed,
    correct: total((one) => one.correct),
    doneInTime: total((one) => one.doneInTime),
    outcomes,
    failed: FAILURES.reduce((n, outcome) => n + (outcomes[outcome] ?? 0), 0),
  };
}

function round(perS: number): number {
  return Math.round(perS);
}
