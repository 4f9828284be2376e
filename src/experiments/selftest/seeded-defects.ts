import type { Ledger } from '../../measure/figures/figures.ts';
import type { SeededDefectRecord } from '../../components/service/seeded-defects.ts';
import { checked, type MeasuredTrial, type SelftestCheck } from './check.ts';
import { overtaken } from './truth.ts';
import { seededSubscriber } from './trials.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';

/** Name of each seeded defect, and its field in the ledger and among the ledger's examples. */
const SEEDED_DEFECTS = [
  { defect: 'lose', name: 'a lost message', kind: 'lost' },
  { defect: 'double', name: 'a message done twice', kind: 'duplicates' },
  { defect: 'reorder', name: 'a message out of order', kind: 'outOfOrder' },
] as const;

/**
 * Compares the defects that the service logged with those in its ledger. Only one subscriber has defects: the ledgers
 * of the others must find nothing.
 * @param log the seeded defects' own log, one JSON object a line
 */
export function seededDefectChecks(
  pattern: ResolvedPattern,
  seen: MeasuredTrial,
  log: string,
): SelftestCheck[] {
  const lines = log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as SeededDefectRecord);
  return seen.trial.ledgers.flatMap((ledger) =>
    ledger.subscriber === seededSubscriber(pattern)
      ? seededChecks(pattern, seen, ledger, lines)
      : [cleanCheck(pattern, seen, ledger)],
  );
}

function seededChecks(
  pattern: ResolvedPattern,
  seen: MeasuredTrial,
  ledger: Ledger,
  lines: readonly SeededDefectRecord[],
): SelftestCheck[] {
  return SEEDED_DEFECTS.map(({ defect, name, kind }) => {
    const seeded = lines.filter((line) => line.defect === defect).map(({ sequence }) => sequence);
    const unplanned =
      kind === 'outOfOrder' ? overtaken(seen.raw, ledger.subscriber).filter((s) => !seeded.includes(s)) : [];
    const named = ledger.examples[kind] ?? [];
    return checked(pattern, seen, {
      name,
      seeded: `message ${seeded.join(', ') || '(none was seeded)'}`,
      reported: `${ledger[kind]}: message ${named.join(', ')}`,
      tolerance: 'exactly',
      passed:
        seeded.length > 0 &&
        ledger[kind] === seeded.length + unplanned.length &&
        seeded.every((sequence) => named.includes(sequence)),
      ...noteOf(unplanned),
    });
  });
}

function cleanCheck(pattern: ResolvedPattern, seen: MeasuredTrial, ledger: Ledger): SelftestCheck {
  const unplanned = overtaken(seen.raw, ledger.subscriber);
  const { lost, duplicates, outOfOrder } = ledger;
  return checked(pattern, seen, {
    name: `subscriber ${ledger.subscriber + 1}, without seeded defects`,
    seeded: 'nothing',
    reported: `${lost} lost, ${duplicates} done twice, ${outOfOrder} out of order`,
    tolerance: 'exactly',
    passed: lost === 0 && duplicates === 0 && outOfOrder === unplanned.length,
    ...noteOf(unplanned),
  });
}

/** On a busy machine one may overtake another by itself; the effect log, read on its own, must then say the same. */
function noteOf({ length }: readonly number[]): { note?: string } {
  return length === 0 ? {} : { note: `${length} more were really out of order in the effect log` };
}
