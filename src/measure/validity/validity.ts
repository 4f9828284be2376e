import { NS_PER_MS, NS_PER_S, type Nanoseconds } from '../../kernel/clock.ts';
import type { Phase, Series, Validity } from '../figures/figures.ts';
import { mergeSeries, quantileUs } from '../figures/histogram.ts';
import { FAULT_RULE } from './fault-times.ts';
import { percentText, timeText } from './limit-text.ts';
import { SILENCE_RULE } from './silence.ts';

/** Quantiles whose cells are checked one by one. */
const CHECKED_QUANTILES = [0.5, 0.9, 0.99, 0.999] as const;

/** Thresholds of validity (DESIGN 3.8), printed with every report. */
export const VALIDITY_LIMITS = {
  /** Dispatch lag at a quantile: more than this and ... */
  lagNs: 0.3 * NS_PER_MS,
  /** ... more than this share of the response time there marks the cell. */
  lagShare: 0.2,
  /** A mark at or below this quantile marks the trial; above, only its own cell. */
  trialQuantile: 0.9,
  /** Share of all cores that the hypervisor gave to others. */
  steal: 0.02,
  /** Share of all cores used by processes that are not ours. */
  others: 0.1,
  /** Event-loop delay p99 of the generator: replies are then stamped late, which no dispatch lag shows. */
  loopDelayP99Ns: 10 * NS_PER_MS,
  /** One stall of the generator's loop, or one collection, as a share of the measured time: it reaches p95. */
  stallShare: 0.05,
  /** The same whatever the measured time: more is a standstill. */
  stallNs: NS_PER_S,
  /** All collections of the generator together, as a share of the measured time. */
  gcShare: 0.05,
} as const;

/** The same as sentences, of patterns that stream. */
export const STREAM_RULE =
  'streams: generator-bound is decided by the first item if it precedes the response; time to first item: received − intended; jitter: |gap − planned gap| to the previous item (of one subscriber and key)';

/** The same as sentences. */
export const VALIDITY_RULES: readonly string[] = [
  `incomplete: the trial failed, or evidence is missing, torn or unexplained; ${FAULT_RULE}`,
  SILENCE_RULE,
  `generator-bound: dispatch lag at p50 or p90 above max(${timeText(VALIDITY_LIMITS.lagNs)}, ${percentText(VALIDITY_LIMITS.lagShare)} of the response time there, time-outs included), or arrivals unsent; at p99 and beyond only that cell is marked`,
  `disturbed: CPU steal above ${percentText(VALIDITY_LIMITS.steal)} or other processes above ${percentText(VALIDITY_LIMITS.others)} of all cores; the generator's event-loop delay p99 above ${timeText(VALIDITY_LIMITS.loopDelayP99Ns)}, one stall or collection above ${percentText(VALIDITY_LIMITS.stallShare)} (at most ${timeText(VALIDITY_LIMITS.stallNs)}) or all collections above ${percentText(VALIDITY_LIMITS.gcShare)} of the measured time; commbench itself stood still for more than ${timeText(VALIDITY_LIMITS.stallNs)}`,
];

/** The generator's own health in the measured part. Delays exclude the sampling interval. */
interface GeneratorHealth {
  readonly loopDelayP99Ns: Nanoseconds;
  readonly loopDelayMaxNs: Nanoseconds;
  readonly gcTotalNs: Nanoseconds;
  readonly gcMaxNs: Nanoseconds;
}

type PhaseTimes = Pick<Phase, 'dispatchLag' | 'response'> & Partial<Pick<Phase, 'firstItem' | 'failedAfter'>>;

export interface ValidityEvidence {
  readonly phases: readonly PhaseTimes[];
  /** Length of the measured load. */
  readonly measuredNs: Nanoseconds;
  readonly unsent: number;
  /** Records of the effect log that were not whole. */
  readonly torn: number;
  /** Effects that no planned arrival explains. */
  readonly unexplained: number;
  /** Other missing evidence, in words. */
  readonly missing: readonly string[];
  /** Other disturbances, in words. */
  readonly disturbed: readonly string[];
  /** Reason of a failed trial; null otherwise. */
  readonly failure: string | null;
  readonly generator: GeneratorHealth | null;
  /** Shares of all cores in the measured part; null = unknown here. */
  readonly machine: { readonly steal: number | null; readonly others: number | null };
}

type Cause = Validity['causes'][number];

/** The first of these that is among the causes names the trial. */
const PRECEDENCE = ['incomplete', 'generator-bound', 'disturbed'] as const;

/** Whether the figures may be believed, whatever the system under test did. */
export function validityOf(evidence: ValidityEvidence): Validity {
  const marks = lagMarks(evidence.phases);
  const causes = [
    ...incompleteCauses(evidence),
    ...boundCauses(marks, evidence.unsent),
    ...disturbedCauses(evidence),
  ];
  return {
    verdict: PRECEDENCE.find((cause) => causes.some((c) => c.cause === cause)) ?? 'valid',
    causes,
    boundQuantiles: marks.map((mark) => mark.quantile),
  };
}

function incompleteCauses({ failure, torn, unexplained, missing }: ValidityEvidence): Cause[] {
  const details = [
    ...(failure === null ? [] : [`the trial failed: ${failure}`]),
    ...(torn > 0 ? [`${torn} torn records in the effect log (0 allowed)`] : []),
    ...(unexplained > 0 ? [`${unexplained} unexplained completions (0 allowed)`] : []),
    ...missing,
  ];
  return details.map((detail) => ({ cause: 'incomplete', detail }));
}

interface LagMark {
  readonly quantile: number;
  readonly lagNs: Nanoseconds;
  readonly limitNs: Nanoseconds;
}

/**
 * Cells with too large a dispatch lag. The lag is that of everything dispatched. The response is that of ok outcomes and
 * of calls that timed out or were never answered: a service that is too slow to answer has a long response, not none.
 * Without any the fixed limit holds. For streams the first item counts where it comes sooner than the end, as most of
 * the response is then planned.
 */
function lagMarks(
  phases: ValidityEvidence['phases'],
  quantiles: readonly number[] = CHECKED_QUANTILES,
): LagMark[] {
  const lag = mergeSeries(phases.map((phase) => phase.dispatchLag));
  const firstItems = phases.flatMap((phase) => phase.firstItem ?? []);
  const answers = [phases.flatMap(waits), ...(firstItems.length > 0 ? [firstItems] : [])].map(mergeSeries);
  return quantiles.flatMap((quantile) => {
    const lagNs = (quantileUs(lag, quantile) ?? 0) * 1000;
    const responseNs = Math.min(...answers.map((response) => (quantileUs(response, quantile) ?? 0) * 1000));
    const limitNs = Math.max(VALIDITY_LIMITS.lagNs, VALIDITY_LIMITS.lagShare * responseNs);
    return lagNs > limitNs ? [{ quantile, lagNs, limitNs }] : [];
  });
}

/** Times that callers waited for an answer, whether it came or not. */
function waits({ response, failedAfter = {} }: PhaseTimes): Series[] {
  return [response, failedAfter.timeout, failedAfter.unfinished].filter((series) => series !== undefined);
}

/** Whether the generator was too late at this quantile of these parts together, as their cell shows them together. */
export function isMarkedAt(phases: ValidityEvidence['phases'], quantile: number): boolean {
  return markedAmong(phases, [quantile]).length > 0;
}

/** Those of these quantiles at which it was too late. */
export function markedAmong(phases: ValidityEvidence['phases'], quantiles: readonly number[]): number[] {
  return lagMarks(phases, quantiles).map(({ quantile }) => quantile);
}

function boundCauses(marks: readonly LagMark[], unsent: number): Cause[] {
  const details = marks
    .filter((mark) => mark.quantile <= VALIDITY_LIMITS.trialQuantile)
    .map((m) => `dispatch lag p${m.quantile * 100} is ${timeText(m.lagNs)} (limit ${timeText(m.limitNs)})`);
  if (unsent > 0) details.push(`${unsent} arrivals were never sent (0 allowed)`);
  return details.map((detail) => ({ cause: 'generator-bound', detail }));
}

function disturbedCauses({ machine, generator, measuredNs, disturbed }: ValidityEvidence): Cause[] {
  const limit = VALIDITY_LIMITS;
  const stallNs = Math.min(limit.stallNs, limit.stallShare * measuredNs);
  const checks: [
    what: string,
    found: number | null | undefined,
    limit: number,
    print: (n: number) => string,
  ][] = [
    ['CPU steal', machine.steal, limit.steal, percentText],
    ['CPU use of other processes', machine.others, limit.others, percentText],
    ["the generator's event-loop delay p99", generator?.loopDelayP99Ns, limit.loopDelayP99Ns, timeText],
    ["the generator's longest event-loop delay", generator?.loopDelayMaxNs, stallNs, timeText],
    ["the generator's longest collection", generator?.gcMaxNs, stallNs, timeText],
    ["the generator's collections together", generator?.gcTotalNs, limit.gcShare * measuredNs, timeText],
  ];
  const passed = checks.flatMap(([what, found, most, print]) => {
    if (found === null || found === undefined || found <= most) return [];
    return [`${what} is ${print(found)} (limit ${print(most)})`];
  });
  return [...passed, ...disturbed].map((detail) => ({ cause: 'disturbed', detail }));
}
