import { compareResults } from '../../analysis/compare/compare.ts';
import type { Comparison } from '../../analysis/compare/comparison.ts';
import type { Interleave, Result } from '../../record/record.ts';
import { comparisonView } from '../../report/comparison/comparison-view.ts';
import type { Report } from '../../report/report.ts';
import type { RecordKind } from '../definition.ts';
import { type AbRecord, abSchema, type ArmId } from './record.ts';

export const abKind: RecordKind<AbRecord> = {
  schema: abSchema,
  view: (record, file) => abView(record, file),
  parts: armsOf,
};

export function abView(record: AbRecord, file: string): Report {
  const { a, b } = armsOf(record);
  return comparisonView(comparisonIn(record, file), null, { baseline: a, candidate: b });
}

/** The comparison of both arms, by the record's own margin. */
export function comparisonIn(record: AbRecord, file: string): Comparison {
  const { a, b } = armsOf(record);
  const { margin } = record.design;
  return compareResults([{ file: `${file}#a`, result: a }], [{ file: `${file}#b`, result: b }], {
    margin,
    declared: [],
  });
}

/** Both arms, each as the result of a run. Their differences were asked for, and are declared in both. */
export function armsOf(record: AbRecord): Readonly<Record<ArmId, Result>> {
  const [a, b] = [armOf(record, 'a', []), armOf(record, 'b', [])];
  const named = { file: 'arm' };
  const { margin } = record.design;
  const { confounders } = compareResults([{ ...named, result: a }], [{ ...named, result: b }], {
    margin,
    declared: [],
  });
  const declared = confounders.map(({ what }) => what);
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
