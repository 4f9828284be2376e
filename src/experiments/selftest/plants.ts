import type { Ledger } from '../../measure/figures/figures.ts';
import type { PlantLine } from '../../components/service/plants.ts';
import { checked, type Seen, type SelftestCheck } from './check.ts';
import { overtaken } from './truth.ts';
import { plantedSubscriber } from './trials.ts';
import type { Row } from '../../plan/spec.ts';

/** What each plant is called, where the ledger counts it, and where it keeps examples. */
const PLANTS = [
  { plant: 'lose', name: 'a lost message', kind: 'lost' },
  { plant: 'double', name: 'a message done twice', kind: 'duplicates' },
  { plant: 'reorder', name: 'a message out of order', kind: 'outOfOrder' },
] as const;

/**
 * What the service itself wrote down as planted, against what its ledger found. Planted is in one subscriber:
 * the ledgers of others must find nothing.
 * @param log the plants' own log, one JSON object a line
 */
export function plantChecks(row: Row, seen: Seen, log: string): SelftestCheck[] {
  const lines = log
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as PlantLine);
  return seen.trial.ledgers.flatMap((ledger) =>
    ledger.subscriber === plantedSubscriber(row)
      ? plantedChecks(row, seen, ledger, lines)
      : [cleanCheck(row, seen, ledger)],
  );
}

function plantedChecks(row: Row, seen: Seen, ledger: Ledger, lines: readonly PlantLine[]): SelftestCheck[] {
  return PLANTS.map(({ plant, name, kind }) => {
    const planted = lines.filter((line) => line.plant === plant).map(({ sequence }) => sequence);
    const unplanned =
      kind === 'outOfOrder' ? overtaken(seen.raw, ledger.subscriber).filter((s) => !planted.includes(s)) : [];
    const named = ledger.examples[kind] ?? [];
    return checked(row, seen, {
      name,
      planted: `message ${planted.join(', ') || '(none was planted)'}`,
      reported: `${ledger[kind]}: message ${named.join(', ')}`,
      tolerance: 'exactly',
      passed:
        planted.length > 0 &&
        ledger[kind] === planted.length + unplanned.length &&
        planted.every((sequence) => named.includes(sequence)),
      ...noteOf(unplanned),
    });
  });
}

function cleanCheck(row: Row, seen: Seen, ledger: Ledger): SelftestCheck {
  const unplanned = overtaken(seen.raw, ledger.subscriber);
  const { lost, duplicates, outOfOrder } = ledger;
  return checked(row, seen, {
    name: `subscriber ${ledger.subscriber + 1}, in which nothing was planted`,
    planted: 'nothing',
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
