import type { Phase, Series } from '../../measure/figures/figures.ts';
import { type Trial, trialSchema } from '../../record/record.ts';

/** Names and values that tell one part of the measurement from all others. */
export type Labels = Readonly<Record<string, string>>;

/** A phase of a trial, of all its calls or of one operation. */
export interface MeasuredPart {
  readonly trial: Trial;
  readonly phase: Phase;
  /** Pattern, kind, phase and what else applies: variant, case, operation, and the trial's place in its experiment. */
  readonly labels: Labels;
}

/** Latencies of a phase by the names of their figures. */
const FIELDS = {
  response: 'response',
  completion: 'completion',
  'service-time': 'serviceTime',
  'dispatch-lag': 'dispatchLag',
  'connection-wait': 'connectionWait',
  'first-completion': 'firstCompletion',
  'first-item': 'firstItem',
  jitter: 'itemJitter',
} as const satisfies Readonly<Record<string, keyof Phase>>;
export type LatencyFigure = keyof typeof FIELDS;
export const LATENCY_FIGURES = Object.keys(FIELDS) as readonly LatencyFigure[];

/** Every part of these trials, in their order. */
export function partsIn(trials: readonly Trial[]): MeasuredPart[] {
  return trials.flatMap((trial) => [
    ...phasesOf(trial, trial.phases, {}),
    ...(trial.operations ?? []).flatMap(({ name, phases }) => phasesOf(trial, phases, { operation: name })),
  ]);
}

function phasesOf(trial: Trial, phases: readonly Phase[], more: Labels): MeasuredPart[] {
  return phases.map((phase) => ({
    trial,
    phase,
    labels: { ...trialLabels(trial), phase: phase.name, ...more },
  }));
}

/** The same for all rounds of a trial. */
export function trialLabels(trial: Trial): Labels {
  const { pattern, variant, case: title, kind } = trial;
  return { pattern, kind, ...(variant && { variant }), ...(title && { case: title }), ...placeOf(trial) };
}

/** Fields that its experiment adds to a trial: the arm of `ab`, the rate of `sweep`. */
function placeOf(trial: Trial): Labels {
  const own = Object.entries(trial).filter(([key, value]) => !(key in trialSchema.shape) && value !== null);
  return Object.fromEntries(own.map(([key, value]) => [key, String(value as string | number)]));
}

/** Those of its latencies that have samples. */
export function latenciesIn(phase: Phase): (readonly [figure: LatencyFigure, series: Series])[] {
  return LATENCY_FIGURES.flatMap((figure) => {
    const series = phase[FIELDS[figure]];
    return series && series.count > 0 ? [[figure, series] as const] : [];
  });
}
