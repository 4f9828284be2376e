import { FAULTS } from '../faults/faults.ts';
import type { ExperimentRecord, Trial } from './record.ts';

/**
 * What every record of ours keeps beyond its schema, and code that computes figures relies on. A file may have been
 * changed by anybody.
 */
export function unsoundIn(record: ExperimentRecord): string[] {
  return [
    ...record.trials.flatMap((trial, i) => wrongNames(trial, record).map((text) => `trials.${i}.${text}`)),
    ...record.trials.flatMap((trial, i) => wrongWaterfall(trial).map((text) => `trials.${i}.${text}`)),
    ...(['trials', 'design', 'patterns'] as const).flatMap((part) => wrongNumbers(record[part], part)),
  ];
}

/** A trial, by names that must be known. */
function wrongNames(trial: Trial, record: ExperimentRecord): string[] {
  const { scenario, experiment } = record;
  const known = {
    // A calibration keeps what it measured of patterns of other scenarios.
    pattern: experiment === 'calibrate' ? [trial.pattern] : patternIds(record),
    variant: [null, ...scenario.variants.map(({ id }) => id)],
    case: [null, ...scenario.cases.map(({ id }) => id)],
  };
  const faults = FAULTS.map(({ name }) => name);
  return [
    ...(['pattern', 'variant', 'case'] as const).flatMap((key) =>
      (known[key] as unknown[]).includes(trial[key])
        ? []
        : [`${key}: Expected one of its own, found ${trial[key]}`],
    ),
    ...trial.faults.flatMap((fault, i) =>
      faults.includes(fault.do) ? [] : [`faults.${i}.do: Expected a fault, found ${fault.do}`],
    ),
  ];
}

/** Of the header, and of each arm of a comparison: one may have a pattern that the other has not. */
function patternIds({ patterns, design }: ExperimentRecord): string[] {
  type WithArms = { readonly arms?: Readonly<Record<string, Pick<ExperimentRecord, 'patterns'>>> };
  const arms = Object.values((design as WithArms).arms ?? {});
  return [...patterns, ...arms.flatMap((arm) => arm.patterns)].map(({ id }) => id);
}

/** Each bucket has its number, its requests, and a sum for each stage. */
function wrongWaterfall({ waterfall }: Trial): string[] {
  const length = (waterfall?.stages.length ?? 0) + 2;
  const at = waterfall?.buckets.findIndex((bucket) => bucket.length !== length) ?? -1;
  return at < 0 ? [] : [`waterfall.buckets.${at}: Expected ${length} numbers`];
}

/** Instants are counted from the start of the load, and a slope may fall; nothing else is below zero. */
const SIGNED = new Set(['perS', 'atNs', 'injectedNs', 'observedNs', 'liftedNs', 'readyNs']);
/** In ns more than eleven days: sums of such numbers are exact. */
const MOST = 1e15;

function wrongNumbers(value: unknown, place: string, key = ''): string[] {
  if (typeof value === 'number') {
    const least = SIGNED.has(key) ? -MOST : 0;
    return value >= least && value <= MOST ? [] : [`${place}: Expected ${least} to ${MOST}, found ${value}`];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, inner]) => wrongNumbers(inner, `${place}.${name}`, name));
}
