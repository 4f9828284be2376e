import { isWorkKnown } from '../../analysis/patterns/evidence.ts';
import { generatorsOf } from '../../analysis/patterns/generators.ts';
import { acceptanceCounts } from '../../analysis/patterns/outcomes.ts';
import { hasFallback } from '../../measure/hops/fallbacks.ts';
import type { Footnotes } from '../footnotes.ts';
import { plural } from '../format.ts';
import type { Ledger } from '../../measure/figures/figures.ts';
import type { Result, Trial } from '../../record/record.ts';
import type { PatternResult } from '../../analysis/patterns/pattern-result.ts';
import { countCell } from '../cells.ts';
import { figureColumn, patternRow, type TableColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { BY_FALLBACK } from '../faults/tables/delivery.ts';
import { downText } from '../down-text.ts';
import { completionSourceNote } from './seen-at.ts';

/** Trials of one pattern whose calls are counted together. */
interface Line {
  readonly pattern: PatternResult;
  readonly trials: readonly Trial[];
  /** `no fault`, `service killed, subscriber 2`. */
  readonly label: string;
  /** Empty: only the callers' side is known. */
  readonly ledgers: readonly Ledger[];
}

/** The end of every call: latency trials and those of each outage apart. */
export function ledgerSection(result: Result, patterns: readonly PatternResult[], notes: Footnotes): Section {
  const { serviceOutage, brokerOutage } = result.scenario;
  const lines = patterns.flatMap((pattern) => [
    ...linesOf(pattern, pattern.trials.latency, 'no fault'),
    ...linesOf(pattern, pattern.trials.serviceOutage, `service ${downText(serviceOutage?.do ?? 'kill')}`),
    ...linesOf(pattern, pattern.trials.brokerOutage, `broker ${downText(brokerOutage?.do ?? 'kill')}`),
  ]);
  return tableOf<Line>(
    {
      id: 'ledger',
      title: 'Delivery ledger',
      nameOf: ({ pattern, label }) => ({ ...patternRow(pattern), part: label }),
      columns: [
        textColumn('trials', 'Trials', (line) => labelCell(line, notes)),
        figureColumn('accepted', 'Accepted', (line) => outcomeCell(line, 'accepted')),
        figureColumn('refused', 'Refused', (line) => outcomeCell(line, 'refused')),
        figureColumn('unknown', 'Unknown', (line) => outcomeCell(line, 'unknown')),
        figureColumn('done', 'Done', ({ ledgers }) => sumCell(ledgers, doneIn)),
        figureColumn('lost', 'Lost', (line) => lostCell(line, notes)),
        figureColumn('duplicates', 'Duplicates', (line) => duplicatesCell(line, notes)),
        figureColumn('phantom', 'Phantom', ({ ledgers }) =>
          faultCell(sumCell(ledgers, ({ phantom }) => phantom)),
        ),
        figureColumn('out-of-order', 'Out of order', ({ ledgers }) =>
          orderCell(ledgers, generatorsOf(result), notes),
        ),
        ...(lines.some(hasDeadLetters) ? [DEAD_LETTERED] : []),
      ],
    },
    lines,
  );
}

/** A column of zeros in most runs: shown only where it holds anything else. */
const DEAD_LETTERED: TableColumn<Line> = figureColumn('dead-lettered', 'Dead-lettered', ({ ledgers }) =>
  sumCell(ledgers, deadLetters),
);

function hasDeadLetters({ ledgers }: Line): boolean {
  return ledgers.some((ledger) => deadLetters(ledger) > 0);
}

function linesOf(pattern: PatternResult, trials: readonly Trial[], label: string): Line[] {
  const known = trials.filter(isWorkKnown).flatMap((trial) => trial.ledgers);
  const subscribers = [...new Set(known.map(({ subscriber }) => subscriber))];
  if (trials.length > 0 && subscribers.length === 0) return [{ pattern, trials, label, ledgers: [] }];
  return subscribers.map((subscriber) => ({
    pattern,
    trials,
    label: subscribers.length > 1 ? `${label}, subscriber ${subscriber + 1}` : label,
    ledgers: known.filter((ledger) => ledger.subscriber === subscriber),
  }));
}

const OUTCOMES = ['accepted', 'refused', 'unknown'] as const;

function deadLetters(ledger: Ledger): number {
  return OUTCOMES.reduce((n, outcome) => n + ledger[outcome].deadLettered, 0);
}

function doneIn(ledger: Ledger): number {
  return OUTCOMES.reduce((n, outcome) => n + ledger[outcome].done1 + ledger[outcome].doneMore, 0);
}

/** Lost calls and duplicates of a target are those seen at its completion source. */
function labelCell({ pattern, label, ledgers }: Line, notes: Footnotes): Cell {
  const note = ledgers.length === 0 ? ACCEPTANCE_ONLY : completionSourceNote(pattern.record);
  return textCell(label, { marks: note === null ? [] : [notes.mark(note)] });
}

const ACCEPTANCE_ONLY = 'Acceptance only: a target keeps no effect log. Errors count as unknown.';

function outcomeCell({ trials, ledgers }: Line, outcome: (typeof OUTCOMES)[number]): Cell {
  if (ledgers.length === 0)
    return countCell(acceptanceCounts(trials.flatMap((trial) => trial.phases))[outcome]);
  return sumCell(ledgers, ({ [outcome]: { done0, done1, doneMore, deadLettered } }) => {
    return done0 + done1 + doneMore + deadLettered;
  });
}

function sumCell(ledgers: readonly Ledger[], pick: (ledger: Ledger) => number): Cell {
  return ledgers.length === 0 ? EMPTY_CELL : countCell(ledgers.reduce((n, ledger) => n + pick(ledger), 0));
}

/** More than none is a fault. */
function faultCell(cell: Cell): Cell {
  return cell.value ? { ...cell, tone: 'bad' } : cell;
}

function lostCell({ trials, ledgers }: Line, notes: Footnotes): Cell {
  const late = ledgers.reduce((n, ledger) => n + ledger.late, 0);
  const lost = sumCell(ledgers, (ledger) => ledger.lost);
  const marks = [
    ...lateMarks(late, notes),
    ...(lost.value && hasFallback(trials.map(({ hops }) => hops)) ? [notes.mark(BY_FALLBACK)] : []),
  ];
  return { ...faultCell(lost), marks };
}

function duplicatesCell({ pattern, ledgers }: Line, notes: Footnotes): Cell {
  const cell = faultCell(sumCell(ledgers, ({ duplicates }) => duplicates));
  const isAllowed = cell.tone === 'bad' && pattern.record.guarantee.delivery === 'at-least-once';
  return isAllowed ? { ...cell, marks: [notes.mark(DUPLICATES_ALLOWED)] } : cell;
}

const DUPLICATES_ALLOWED = 'Duplicates are within at-least-once: handlers must be idempotent.';

function lateMarks(late: number, notes: Footnotes): string[] {
  if (late === 0) return [];
  return [notes.mark(`${plural(late, 'more call')} not done, still in the broker: late, not lost.`)];
}

function orderCell(ledgers: readonly Ledger[], senders: number, notes: Footnotes): Cell {
  const cell = sumCell(ledgers, ({ outOfOrder }) => outOfOrder);
  if (!cell.value || senders === 1) return cell;
  const text = `${senders} generators send messages of one key side by side: their order is not guaranteed.`;
  return { ...cell, marks: [notes.mark(text)] };
}
