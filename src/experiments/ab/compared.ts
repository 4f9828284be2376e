import { compareResults } from '../../analysis/compare/compare.ts';
import { confoundersBetween } from '../../analysis/compare/differences.ts';
import type { Comparison } from '../../analysis/compare/comparison.ts';
import type { Interleave, Result } from '../../record/record.ts';
import { comparisonView } from '../../report/comparison/comparison-view.ts';
import type { Report } from '../../report/report.ts';
import type { RecordKind } from '../definition.ts';
import { type AbRecord, abSchema, type ArmId } from './record.ts';

export const abKind: RecordKind<AbRecord> = {
  schema: abSchema,
  view: abView,
  parts: armsOf,
};

/** The comparison of both arms, and the trials behind it. */
export function abView(record: AbRecord, file: string | null): Report {
  const arms = armsOf(record);
  const comparison = comparisonOf(arms, record, file ?? 'ab');
  return { ...comparisonView(comparison, null, { baseline: arms.a, candidate: arms.b }), record };
}

/** The comparison of both arms, by the record's own margin. */
export function comparisonIn(record: AbRecord, file: string): Comparison {
  return comparisonOf(armsOf(record), record, file);
}

type Arms = Readonly<Record<ArmId, Result>>;

function comparisonOf({ a, b }: Arms, { design: { margin } }: AbRecord, file: string): Comparison {
  const sides = [
    { file: `${file}#a`, result: a },
    { file: `${file}#b`, result: b },
  ] as const;
  return compareResults([sides[0]], [sides[1]], { margin, declared: [] });
}

/** Both arms, each as the result of a run. Their differences were asked for, and are declared in both. */
export function armsOf(record: AbRecord): Arms {
  const [a, b] = (['a', 'b'] as const).map((arm) => [{ file: 'arm', result: armOf(record, arm, []) }]);
  const declared = confoundersBetween(a!, b!).map(({ what }) => what);
  return { a: armOf(record, 'a', declared), b: armOf(record, 'b', declared) };
}

function armOf({ design, trials, ...header }: AbRecord, arm: ArmId, declared: readonly string[]): Result {
  const { title, scenario, patterns, calibration } = design.arms[arm];
  const own = trials.filter((trial) => trial.arm === arm).map(({ arm: _arm, ...trial }) => trial);
  const order = own.map(({ id, round, pattern, variant, kind, case: of }) => {
    return { id, round, pattern, variant, kind, case: of };
  });
  const interleave: Interleave = { id: design.id, arm, title, mode: design.mode, declared };
  return { ...header, scenario, patterns, design: { order, calibration }, trials: own, interleave };
}
