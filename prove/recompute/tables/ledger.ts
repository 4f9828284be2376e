import { cellOf } from '../figures/cells.ts';
import { isOnlyFaults } from '../figures/faults.ts';
import {
  addUp,
  doneTrials,
  isWorkKnown,
  outcomes,
  type PatternLine,
  patternLines,
  phasesOf,
} from '../figures/patterns.ts';
import type { StoredLedger, StoredRecord, StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { type OwnCell, type TableRule, tableRule } from '../rule.ts';

interface LedgerLine {
  readonly line: PatternLine;
  readonly trials: readonly StoredTrial[];
  readonly label: string;
  /** Of one subscriber; empty: acceptance alone is known. */
  readonly ledgers: readonly StoredLedger[];
}

const WAYS = ['accepted', 'refused', 'unknown'] as const;

/** How each outcome counts where no log knows more. */
const ACCEPTANCE: Readonly<Record<(typeof WAYS)[number], readonly string[]>> = {
  accepted: ['ok'],
  refused: ['refused', 'rejected', 'unsent'],
  unknown: ['error', 'contract-broken', 'timeout', 'connection-lost', 'unfinished'],
};

export const rules: readonly TableRule[] = [
  tableRule<LedgerLine>({
    of: ['run'],
    heading: /^Delivery ledger$/,
    lines: (record) => (isOnlyFaults(record) ? [] : patternLines(record).flatMap(linesOf)),
    name: ({ line }) => line.pattern.title,
    columns: (_record, lines) => ({
      Trials: ({ label }) => label,
      Accepted: (one) => waysCell(one, 'accepted'),
      Refused: (one) => waysCell(one, 'refused'),
      Unknown: (one) => waysCell(one, 'unknown'),
      Done: (one) => sumCell(one, (ledger) => addUp(WAYS, (way) => ledger[way].done1 + ledger[way].doneMore)),
      // The three that mean a fault are counted from the ledger's cells, not read from its own sums.
      Lost: (one) => sumCell(one, (ledger) => ledger.accepted.done0 - (ledger.late ?? 0)),
      Duplicates: (one) => sumCell(one, (ledger) => addUp(WAYS, (way) => ledger[way].doneMore)),
      Phantom: (one) => sumCell(one, ({ refused }) => refused.done1 + refused.doneMore),
      'Out of order': (one) => sumCell(one, ({ outOfOrder }) => outOfOrder),
      // A column of noughts is not printed.
      ...(lines.some(({ ledgers }) => addUp(ledgers, deadIn) > 0)
        ? { 'Dead-lettered': (one: LedgerLine) => sumCell(one, deadIn) }
        : {}),
    }),
  }),
];

function linesOf(line: PatternLine): LedgerLine[] {
  const { serviceOutage, brokerOutage } = line.record.scenario;
  const groups: [kind: string, label: string][] = [
    ['latency', 'no fault'],
    ['service-outage', `service ${downText(serviceOutage)}`],
    ['broker-outage', `broker ${downText(brokerOutage)}`],
  ];
  return groups.flatMap(([kind, label]) => {
    const trials = doneTrials(line, kind);
    const known = trials.filter(isWorkKnown).flatMap(({ ledgers }) => ledgers);
    const subscribers = [...new Set(known.map(({ subscriber }) => subscriber))];
    if (subscribers.length === 0) return trials.length === 0 ? [] : [{ line, trials, label, ledgers: [] }];
    return subscribers.map((subscriber) => ({
      line,
      trials,
      label: subscribers.length === 1 ? label : `${label}, subscriber ${subscriber + 1}`,
      ledgers: known.filter((ledger) => ledger.subscriber === subscriber),
    }));
  });
}

function downText(outage: StoredRecord['scenario']['serviceOutage']): string {
  return outage?.do === 'freeze' ? 'frozen' : 'killed';
}

function waysCell(one: LedgerLine, way: (typeof WAYS)[number]): OwnCell {
  if (one.ledgers.length > 0)
    return sumCell(one, ({ [way]: w }) => w.done0 + w.done1 + w.doneMore + w.deadLettered);
  const phases = phasesOf(one.trials);
  return cellOf(
    addUp(ACCEPTANCE[way], (outcome) => outcomes(phases, outcome)),
    write.count,
  );
}

function sumCell({ ledgers }: LedgerLine, of: (ledger: StoredLedger) => number): OwnCell {
  return cellOf(ledgers.length === 0 ? null : addUp(ledgers, of), write.count);
}

function deadIn(ledger: StoredLedger): number {
  return addUp(WAYS, (way) => ledger[way].deadLettered);
}
