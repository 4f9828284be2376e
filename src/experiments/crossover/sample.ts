import { NS_PER_MS } from '../../kernel/clock.ts';
import type { PointRule, Sample } from '../../measure/stats/crossover-point.ts';
import { quantileUs } from '../../measure/figures/histogram.ts';
import type { Figure, Question } from './record.ts';
import type { Trial } from '../../record/record.ts';
import { medianText } from '../../report/reasons/median-text.ts';
import { usableMedian } from '../../analysis/patterns/side-by-side.ts';

/** The figures of one trial of a pair. */
export interface TrialFigure {
  readonly validity: Trial['validity']['verdict'];
  readonly load: Trial['load']['verdict'];
  /** Why it does not count, in words; null where it does. */
  readonly why: string | null;
  /** p50 of the figure that is compared; of an outage: completion of the work intended in it, done at last. */
  readonly p50Us: number | null;
  readonly outage: {
    readonly intended: number;
    readonly finallyDone: number;
    /** From the service's end to its being ready again. */
    readonly observedMs: number;
  } | null;
}

/**
 * Rules by which points are decided. Latencies: every difference counts. Outages: 5 % of the work is no difference, and
 * equal shares are still assumed to spread by 1 %. Their trials are long and vary little.
 */
export const POINT_RULES: Readonly<Record<Question, PointRule>> = {
  payload: { looks: [4, 6, 8], margin: 0, leastDeviation: 0 },
  rate: { looks: [4, 6, 8], margin: 0, leastDeviation: 0 },
  outage: { looks: [3, 4, 6], margin: 0.05, leastDeviation: 0.01 },
};

/** A pattern that is saturated where the other one is not counts as this many times slower, whatever its median. */
export const SATURATED_AS = 10;

/** Reads the figures of one trial of a pair. */
export function trialFigureOf(trial: Trial, question: Question, figure: Figure): TrialFigure {
  const { validity, load, failure } = trial;
  const base = { validity: validity.verdict, load: load.verdict, p50Us: null, outage: null };
  if (failure !== null) return { ...base, why: failure };
  const causes = validity.causes.map(({ cause, detail }) => `${cause}: ${detail}`);
  const why = causes.length > 0 ? causes.join('; ') : null;
  if (question === 'outage') return { ...base, why, ...outageOf(trial) };
  const median = usableMedian(trial, figure);
  return median.state === 'usable'
    ? { ...base, why, p50Us: median.us }
    : { ...base, why: why ?? medianText(median.why) };
}

function outageOf({ coupling, phases, faults: [fault] }: Trial): Partial<TrialFigure> {
  const phase = phases.find(({ name }) => name === 'outage');
  if (!coupling || !phase || fault?.observedNs == null || fault.readyNs == null) {
    return { why: 'nothing was due while the service was down' };
  }
  return {
    p50Us: quantileUs(phase.completion, 0.5),
    outage: {
      intended: coupling.intended,
      finallyDone: coupling.finallyDone,
      observedMs: (fault.readyNs - fault.observedNs) / NS_PER_MS,
    },
  };
}

/**
 * The pair's value, above zero where the second pattern was better; or why it is discarded. Noise of the machine is met
 * by both trials, and widens the interval.
 */
export function sampleOf(question: Question, first: TrialFigure, second: TrialFigure): Sample {
  const unusable = [first, second].find((figure) => isUnusable(question, figure));
  if (unusable) return discarded(unusable.why);
  if ([first, second].some(({ load }) => load === 'failing'))
    return discarded('a pattern failed calls without a fault');
  if (question === 'outage') return outageSample(first, second);
  const isSaturated = [first, second].map(({ load }) => load === 'saturated');
  if (isSaturated[0] && isSaturated[1]) return discarded('both patterns are saturated');
  if (isSaturated[0]) return { kind: 'value', value: Math.log(SATURATED_AS) };
  if (isSaturated[1]) return { kind: 'value', value: -Math.log(SATURATED_AS) };
  if (first.p50Us === null || second.p50Us === null) return discarded(first.why ?? second.why);
  return { kind: 'value', value: Math.log(first.p50Us / second.p50Us) };
}

/**
 * Without a median because of how it was measured. Whether a trial was saturated, or what it lost, may be the noise's
 * doing: then only valid ones count.
 */
function isUnusable(question: Question, { validity, load, p50Us }: TrialFigure): boolean {
  if (validity === 'valid') return false;
  return validity === 'incomplete' || question === 'outage' || load === 'saturated' || p50Us === null;
}

function outageSample(first: TrialFigure, second: TrialFigure): Sample {
  const saturated = [first, second].some(({ load }) => load === 'saturated');
  if (saturated) return discarded('a pattern was saturated before its service was killed');
  const [a, b] = [shareDone(first), shareDone(second)];
  if (a === undefined || b === undefined) return discarded(first.why ?? second.why);
  return { kind: 'value', value: b - a };
}

/** Share of the work intended while the service was down. */
export function shareDone({ outage }: TrialFigure): number | undefined {
  return outage ? outage.finallyDone / outage.intended : undefined;
}

function discarded(why: string | null): Sample {
  return { kind: 'discarded', why: why ?? 'no reason was given' };
}
