import { cell, cellOf } from '../figures/cells.ts';
import { isDrifting, ratiosBeside } from '../figures/drift.ts';
import { isOnlyFaults } from '../figures/faults.ts';
import { comparableMedian, type MedianOf } from '../figures/medians.ts';
import { doneTrials, lineUnder, peakOf, type PatternLine, ranVariants } from '../figures/patterns.ts';
import { levelsIn } from '../figures/ratings.ts';
import { type Interval, ratioOverRuns, ratioWithInterval, sumOf } from '../figures/student.ts';
import type { StoredPattern, StoredRecord, StoredVariant } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { type OwnCell, type TableRule, tableRule } from '../rule.ts';

/** Work per message and rate under which a variant was measured, and all else that it changes. */
interface Regime {
  readonly variant: StoredVariant;
  readonly workMs: number;
  readonly perS: number;
  readonly rest: string;
}

/** One figure of one pattern in every regime. */
interface RegimeLine {
  readonly record: StoredRecord;
  readonly pattern: StoredPattern;
  readonly of: MedianOf;
}

export const rules: readonly TableRule[] = [
  tableRule<RegimeLine>({
    of: ['run'],
    heading: /^Medians by work per message and rate, as a ratio to /,
    lines: regimeLines,
    name: ({ pattern }) => pattern.title,
    columns: (record) => ({
      p50: ({ of }) => of,
      ...Object.fromEntries(
        regimesOnAxes(record).map(({ variant }) => [variant.title, (line) => placeCell(line, variant)]),
      ),
    }),
  }),
];

function regimeLines(record: StoredRecord): RegimeLine[] {
  if (isOnlyFaults(record) || regimesOnAxes(record).length === 0) return [];
  const isReference = ({ id }: StoredPattern) => id === record.scenario.reference;
  const [first, others] = [
    record.patterns.filter(isReference),
    record.patterns.filter((one) => !isReference(one)),
  ];
  return [...first, ...others].flatMap((pattern) =>
    (['response', 'completion'] as const).map((of) => ({ record, pattern, of })),
  );
}

/** By work, then by rate; those that differ from another in one of these alone. Empty without two patterns to compare. */
export function regimesOnAxes(record: StoredRecord): Regime[] {
  const { scenario, patterns } = record;
  if (patterns.length < 2 || patterns.every(({ id }) => id !== scenario.reference)) return [];
  const all = ranVariants(record).flatMap((variant) => regimeOf(record, variant));
  const along = (free: 'workMs' | 'perS', fixed: 'workMs' | 'perS') => (one: Regime) => {
    const axis = all.filter((other) => other[fixed] === one[fixed] && other.rest === one.rest);
    return axis.length > 1 && new Set(axis.map((other) => other[free])).size === axis.length;
  };
  const [isOfWork, isOfRate] = [along('workMs', 'perS'), along('perS', 'workMs')];
  return all
    .filter((one) => isOfWork(one) || isOfRate(one))
    .toSorted((a, b) => a.workMs - b.workMs || a.perS - b.perS);
}

/** Empty where its load is not constant. */
function regimeOf({ scenario }: StoredRecord, variant: StoredVariant): Regime[] {
  const { id: _id, title: _title, optional: _optional, load = scenario.load, service, ...others } = variant;
  if (load.shape !== 'constant') return [];
  const { processingMs = scenario.service?.processingMs ?? 0, ...ofService } = service ?? {};
  const rest = JSON.stringify({ ...others, ...ofService });
  return [{ variant, workMs: processingMs, perS: peakOf(load), rest }];
}

function placeCell({ record, pattern, of }: RegimeLine, variant: StoredVariant): OwnCell {
  const line = lineUnder(record, pattern, variant);
  if (pattern.id === record.scenario.reference) return cellOf(meanMedian(line, of), write.us, 'reference');
  const reference = record.patterns.find(({ id }) => id === record.scenario.reference)!;
  const ratios = ratiosBeside(line, lineUnder(record, reference, variant), of);
  return of === 'response' ? orderedCell(ratios) : levelCell(ratios);
}

/** Geometric mean over the rounds that may be compared. */
function meanMedian(line: PatternLine, of: MedianOf): number | undefined {
  if (isDrifting(line)) return undefined;
  const logs = doneTrials(line, 'latency').flatMap((trial) => {
    const us = comparableMedian(trial, of);
    return us === undefined ? [] : [Math.log(us)];
  });
  return logs.length === 0 ? undefined : Math.exp(sumOf(logs) / logs.length);
}

/** Of this session: shorter or longer, from three rounds on. */
function orderedCell(ratios: readonly number[]): OwnCell {
  const found = ratioWithInterval(ratios, 0.99);
  const isKnown = found && ratios.length >= 3 && (found.high < 1 || found.low > 1);
  return ratioCell(found, isKnown ? (found.high < 1 ? 'shorter' : 'longer') : `99 %`);
}

/** A word of the guides must hold in the next session, too. */
function levelCell(ratios: readonly number[]): OwnCell {
  const found = ratioOverRuns(ratios, 0.95);
  const levels = found ? levelsIn(found) : [];
  return ratioCell(found, levels.length === 1 ? levels[0]! : `95 %`);
}

/** @param word or the level of the interval that carries none */
function ratioCell(found: Interval | undefined, word: string): OwnCell {
  if (!found) return cell('too few rounds');
  const [, bounds] = write.ratioInterval(found).split(' ');
  return cell(write.ratio(found.mean), word.endsWith('%') ? `${word}: ${bounds}` : word);
}
