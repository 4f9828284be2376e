import { isWorkKnown } from '../../analysis/patterns/evidence.ts';
import { generatorsOf } from '../../analysis/patterns/generators.ts';
import { acceptanceCounts } from '../../analysis/patterns/outcomes.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatCount, plural } from '../format.ts';
import type { Ledger } from '../../measure/figures/figures.ts';
import type { Result, Trial } from '../../record/record.ts';
import type { PatternResult } from '../../analysis/patterns/pattern-result.ts';
import { type Cell, EMPTY_CELL, type Section, type SectionRow, textCell } from '../view.ts';
import { downText } from '../down-text.ts';
import { completionSourceNote } from './seen-at.ts';

/** A column that most runs have no use for: shown only where it holds anything but zeros. */
const DEAD_LETTERED = { id: 'dead-lettered', title: 'Dead-lettered', align: 'right' } as const;

/** What became of every call: latency trials and those of each fault apart. */
export function ledgerSection(result: Result, patterns: readonly PatternResult[], notes: Footnotes): Section {
  const isShown = patterns.some((pattern) =>
    [...pattern.trials.latency, ...pattern.trials.serviceOutage, ...pattern.trials.brokerOutage].some(
      ({ ledgers }) => ledgers.some((l) => deadLetters(l) > 0),
    ),
  );
  const more = { notes, isShown, senders: generatorsOf(result) };
  const { serviceOutage, brokerOutage } = result.scenario;
  return {
    id: 'ledger',
    title: 'Delivery ledger',
    columns: [
      { id: 'trials', title: 'Trials', align: 'left' },
      { id: 'accepted', title: 'Accepted', align: 'right' },
      { id: 'refused', title: 'Refused', align: 'right' },
      { id: 'unknown', title: 'Unknown', align: 'right' },
      { id: 'done', title: 'Done', align: 'right' },
      { id: 'lost', title: 'Lost', align: 'right' },
      { id: 'duplicates', title: 'Duplicates', align: 'right' },
      { id: 'phantom', title: 'Phantom', align: 'right' },
      { id: 'out-of-order', title: 'Out of order', align: 'right' },
      ...(isShown ? [DEAD_LETTERED] : []),
    ],
    rows: patterns.flatMap((pattern) => [
      ...ledgerRows(pattern, pattern.trials.latency, 'no fault', more),
      ...ledgerRows(
        pattern,
        pattern.trials.serviceOutage,
        `service ${downText(serviceOutage?.do ?? 'kill')}`,
        more,
      ),
      ...ledgerRows(
        pattern,
        pattern.trials.brokerOutage,
        `broker ${downText(brokerOutage?.do ?? 'kill')}`,
        more,
      ),
    ]),
  };
}

interface More {
  readonly notes: Footnotes;
  /** Whether the column of dead letters is. */
  readonly isShown: boolean;
  readonly senders: number;
}

function deadLetters({ accepted, refused, unknown }: Ledger): number {
  return accepted.deadLettered + refused.deadLettered + unknown.deadLettered;
}

function ledgerRows(
  pattern: PatternResult,
  trials: readonly Trial[],
  name: string,
  more: More,
): SectionRow[] {
  const known = trials.filter(isWorkKnown);
  const subscribers = [...new Set(known.flatMap((trial) => trial.ledgers.map((l) => l.subscriber)))];
  if (trials.length > 0 && subscribers.length === 0) {
    return [acceptanceRow(pattern, trials, name, more)];
  }
  return subscribers.map((subscriber) => {
    const ledgers = known.flatMap((trial) => trial.ledgers.filter((l) => l.subscriber === subscriber));
    const label = subscribers.length > 1 ? `${name}, subscriber ${subscriber + 1}` : name;
    return {
      pattern: pattern.record.id,
      title: pattern.record.title,
      part: label,
      cells: [textCell(label, { marks: observedMarks(pattern, more) }), ...figures(pattern, ledgers, more)],
    };
  });
}

/** Lost and done twice are of what came out at the other end. */
function observedMarks({ record }: PatternResult, { notes }: More): string[] {
  const note = completionSourceNote(record);
  return note === null ? [] : [notes.mark(note)];
}

/** Of a target only the callers' side is known. */
function acceptanceRow(
  pattern: PatternResult,
  trials: readonly Trial[],
  name: string,
  { notes, isShown }: More,
): SectionRow {
  const { accepted, refused, unknown } = acceptanceCounts(trials.flatMap((trial) => trial.phases));
  const mark = notes.mark('Acceptance only: a target keeps no effect log. Errors count as unknown.');
  const known = [accepted, refused, unknown].map((n) => countCell(n, 'plain'));
  const rest = Array.from({ length: isShown ? 6 : 5 }, () => EMPTY_CELL);
  const cells = [textCell(name, { marks: [mark] }), ...known, ...rest];
  return { pattern: pattern.record.id, title: pattern.record.title, part: name, cells };
}

function figures(pattern: PatternResult, ledgers: readonly Ledger[], more: More): Cell[] {
  const { notes, isShown } = more;
  const sum = (pick: (ledger: Ledger) => number) => ledgers.reduce((n, ledger) => n + pick(ledger), 0);
  const all = (kind: 'accepted' | 'refused' | 'unknown') => (l: Ledger) =>
    l[kind].done0 + l[kind].done1 + l[kind].doneMore + l[kind].deadLettered;
  const done = (l: Ledger) =>
    (['accepted', 'refused', 'unknown'] as const).reduce((n, k) => n + l[k].done1 + l[k].doneMore, 0);
  const plain = (n: number) => countCell(n, 'plain');
  const fault = (n: number) => countCell(n, n > 0 ? 'bad' : 'plain');
  const duplicates = sum((l) => l.duplicates);
  const allowed = duplicates > 0 && pattern.record.guarantee.delivery === 'at-least-once';
  return [
    plain(sum(all('accepted'))),
    plain(sum(all('refused'))),
    plain(sum(all('unknown'))),
    plain(sum(done)),
    {
      ...fault(sum((l) => l.lost)),
      marks: lateMarks(
        sum((l) => l.late),
        notes,
      ),
    },
    {
      ...fault(duplicates),
      marks: allowed ? [notes.mark('Duplicates are within at-least-once: handlers must be idempotent.')] : [],
    },
    fault(sum((l) => l.phantom)),
    orderCell(
      sum((l) => l.outOfOrder),
      more,
    ),
    ...(isShown ? [plain(sum(deadLetters))] : []),
  ];
}

function lateMarks(late: number, notes: Footnotes): string[] {
  if (late === 0) return [];
  return [notes.mark(`${plural(late, 'more call')} not done, still in the broker: late, not lost.`)];
}

function orderCell(outOfOrder: number, { notes, senders }: More): Cell {
  const cell = countCell(outOfOrder, 'plain');
  if (outOfOrder === 0 || senders === 1) return cell;
  const text = `${senders} generators send messages of one key side by side: their order is not guaranteed.`;
  return { ...cell, marks: [notes.mark(text)] };
}

function countCell(n: number, tone: Cell['tone']): Cell {
  return textCell(formatCount(n), { value: n, unit: 'count', tone });
}
