import { z } from 'zod';
import { type Arrivals, outcomeAt, outcomeCode, selectArrivals } from '../logs/arrivals.ts';
import { phaseSchema } from './figures.ts';
import { measureTrial, type TrialEvidence } from './join.ts';

/** A part of a trial's arrivals, measured like the whole. */
export const operationFiguresSchema = z.strictObject({
  /** Name of an operation or a flow; FLOW/STEP: that step of the flow, from its own sending. */
  name: z.string(),
  phases: z.array(phaseSchema),
});
export type OperationFigures = z.infer<typeof operationFiguresSchema>;

/** What each arrival asked for. */
export interface OperationSource {
  readonly operationAt: (index: number) => string;
  /** In the order of the tables. */
  readonly operations: readonly string[];
  /** Names of the steps of each operation that is a flow. */
  readonly flows: Readonly<Record<string, readonly string[]>>;
}

/** The figures of each operation and flow by itself, and of each flow's steps. */
export function measureOperations(
  evidence: TrialEvidence,
  { operationAt, operations, flows }: OperationSource,
): OperationFigures[] {
  const all = Array.from({ length: evidence.arrivals.count }, (_, i) => i);
  return operations.flatMap((operation) => {
    const own = all.filter((i) => operationAt(i) === operation);
    const steps = flows[operation] ?? [];
    return [
      { name: operation, phases: measureTrial(partOf(evidence, own)).phases },
      ...steps.map((name, step) => ({
        name,
        phases: measureTrial(stepOf(evidence, { flows: own, step, last: steps.length - 1 })).phases,
      })),
    ];
  });
}

/** The evidence of some arrivals alone, numbered anew. */
function partOf(evidence: TrialEvidence, own: readonly number[]): TrialEvidence {
  const { schedule, arrivals, trial } = evidence;
  const numbers = new Map(own.map((i, k) => [i, k]));
  const effects = [...evidence.effects].flatMap((effect) => {
    const sequence = numbers.get(effect.sequence);
    const isOwn = effect.trial === trial && effect.stage === 'measured' && sequence !== undefined;
    return isOwn ? [{ ...effect, sequence }] : [];
  });
  // The broker's counts are not of single operations.
  const { deadLettered: _named, held: _counted, ...rest } = evidence;
  return {
    ...rest,
    schedule: { count: own.length, intendedNs: (k) => schedule.intendedNs(own[k]!) },
    arrivals: selectArrivals(arrivals, own),
    effects,
  };
}

/** A step of some flows. */
interface Step {
  /** Arrivals of the flow. */
  readonly flows: readonly number[];
  readonly step: number;
  /** The flow's last step. */
  readonly last: number;
}

/**
 * A step as arrivals of their own: due and dispatched when the step before was answered, the first with its flow. A flow
 * that did not come so far has none. A step without an end is the one that failed its flow.
 */
function stepOf(evidence: TrialEvidence, { flows, step, last }: Step): TrialEvidence {
  const { arrivals, trial, phases, deadlineNs } = evidence;
  const { perArrival, ns } = arrivals.items!;
  const begunNs = (i: number) => (step === 0 ? arrivals.dispatchedNs[i]! : ns[i * perArrival + step - 1]!);
  const own = flows.filter((i) => !Number.isNaN(begunNs(i)));
  const steps: Arrivals = selectArrivals(arrivals, own);
  for (const [k, i] of own.entries()) {
    const endedNs = ns[i * perArrival + step]!;
    steps.dispatchedNs[k] = begunNs(i);
    if (step > 0) steps.sentNs[k] = NaN;
    if (Number.isNaN(endedNs)) continue;
    steps.acknowledgedNs[k] = endedNs;
    steps.outcome[k] = outcomeCode('ok');
    // Only the last answer's status is known, or that of a failure.
    if (step < last || outcomeAt(arrivals, i) !== 'ok') steps.status[k] = 0;
  }
  return {
    trial,
    phases,
    deadlineNs,
    schedule: { count: own.length, intendedNs: (k) => begunNs(own[k]!) - arrivals.startNs },
    arrivals: steps,
    effects: [],
    subscribers: 0,
  };
}
