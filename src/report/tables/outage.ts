import { OUTAGE_USES } from '../../analysis/patterns/found-coupling.ts';
import { isUsedFor } from '../../plan/kinds/kinds.ts';
import { downtimesMs, type OutageSeen, outageSeen } from '../../analysis/patterns/outage-seen.ts';
import type { OutageKind } from '../../analysis/patterns/found-coupling.ts';
import { downText } from '../down-text.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatCount, formatMs, formatShare, formatUs, plural, quantileName } from '../format.ts';
import { loadsText } from '../load-text.ts';
import type { Result, Trial } from '../../record/record.ts';
import { failingText } from '../outcomes.ts';
import { hasBroker, outagePhases, type ResultRow } from '../../analysis/patterns/row.ts';
import { survivorsNote } from '../survivors.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { measurementCell } from './verdicts.ts';

/**
 * What is left of the service while the callee (`outage`) or the broker (`middle`) is away; undefined where
 * the scenario takes nothing away.
 */
export function outageSection(
  result: Result,
  rows: readonly ResultRow[],
  notes: Footnotes,
  kind: OutageKind = 'outage',
): Section | undefined {
  const {
    scenario,
    design: { order },
  } = result;
  const plan = scenario[kind];
  // Rows of targets are never taken away: with no others there is nothing to tell.
  if (!plan || !order.some((entry) => isUsedFor(entry.kind, OUTAGE_USES[kind]))) return undefined;
  const load = `${loadsText(scenario)}, deadline ${formatMs(scenario.deadlineMs)}`;
  return {
    id: kind,
    title: `${WHO[kind]} ${downText(plan.do)} for ${formatMs(plan.forMs)}: one trial a row, ${load}`,
    columns: [
      { id: 'coupling', title: kind === 'outage' ? 'Coupling' : 'To the broker', align: 'left' },
      { id: 'served', title: 'Served while down', align: 'right' },
      { id: 'finally-done', title: 'Finally done', align: 'right' },
      { id: 'never-done', title: 'Never done', align: 'right' },
      { id: 'done-late', title: 'Work done after', align: 'right' },
      { id: 'outage', title: 'Down, as seen', align: 'right' },
      { id: 'outage-measurement', title: 'Measurement', align: 'left' },
    ],
    rows: concerned(result, rows, kind).map((row) => ({
      pattern: row.pattern.id,
      title: row.pattern.title,
      part: null,
      cells: row[kind].length === 0 ? missing(result, row, kind, notes) : cellsOf(row, kind, notes),
    })),
  };
}

/** A row without a broker has no middle to take away. */
function concerned(result: Result, rows: readonly ResultRow[], kind: OutageKind): readonly ResultRow[] {
  return kind === 'outage' ? rows : rows.filter((row) => hasBroker(result, row));
}

const WHO = { outage: 'Callee', middle: 'Broker' } as const;

const REST = 6;

function missing(result: Result, row: ResultRow, kind: OutageKind, notes: Footnotes): Cell[] {
  const [text, why] = missingText(result, row, kind);
  const marks = why === undefined ? [] : [notes.mark(why)];
  return [textCell(text, { tone: 'weak', marks }), ...Array.from({ length: REST }, () => EMPTY_CELL)];
}

/** Why there are no figures of a row, in a word or two; and the whole reason, where there is more of it. */
export function missingText(
  result: Result,
  row: ResultRow,
  kind: OutageKind,
): readonly [text: string, why?: string] {
  const { pattern, failed, skipped } = row;
  if (pattern.state === 'not-run') return ['not run'];
  if (pattern.target !== null) return ['not taken away'];
  if (kind === 'middle' && !hasBroker(result, row)) return ['no middle'];
  if (failed.some((trial) => isUsedFor(trial.kind, OUTAGE_USES[kind]))) return ['failed'];
  const omitted = skipped.find((trial) => isUsedFor(trial.kind, OUTAGE_USES[kind]));
  if (!omitted) return ['–'];
  const why = `${pattern.title}: not run: ${omitted.failure ?? 'no reason is known'}`;
  return [kind === 'middle' ? 'not run: not ours' : 'not run', why.endsWith('.') ? why : `${why}.`];
}

function cellsOf(row: ResultRow, kind: OutageKind, notes: Footnotes): Cell[] {
  const trials = row[kind];
  const seen = outageSeen(row, kind);
  const { intended, served, finallyDone } = seen.counts;
  if (intended === 0)
    return [textCell('nothing found', { tone: 'weak' }), ...Array.from({ length: REST }, () => EMPTY_CELL)];
  const never = intended - finallyDone;
  const accepted = row.waitsFor === 'confirm' ? [ACCEPTED[kind]] : [];
  const marks = [...accepted, ...failing(row, kind)].map((text) => notes.mark(text));
  return [
    textCell(seen.verdicts.join(' / '), { tone: toneOf(seen.verdicts) }),
    shareCell(served, intended, marks),
    shareCell(finallyDone, intended, []),
    textCell(formatCount(never), { value: never, unit: 'count', tone: never > 0 ? 'bad' : 'plain' }),
    lateCell(seen, notes),
    seenCell(trials),
    measurementCell(trials, notes),
  ];
}

const ACCEPTED: Readonly<Record<OutageKind, string>> = {
  outage:
    'Served means accepted: the broker confirmed the message within the deadline, while nobody could do its work.',
  middle:
    'Served means accepted: confirmed within the deadline, by a broker that was down or just coming back.',
};

/** An outage in which calls fail at once is another one than one in which they hang. */
function failing(row: ResultRow, kind: OutageKind): string[] {
  const found = failingText(outagePhases(row[kind]));
  const who = WHO[kind].toLowerCase();
  return found.length === 0 ? [] : [`${row.pattern.title}, while its ${who} was down: ${found.join('; ')}.`];
}

function shareCell(n: number, of: number, marks: readonly string[]): Cell {
  return textCell(formatShare(n / of), {
    value: n / of,
    unit: 'share',
    below: `of ${formatCount(of)}`,
    marks,
  });
}

function toneOf(verdicts: readonly string[]): Cell['tone'] {
  return verdicts.includes('tight') ? 'bad' : verdicts.includes('partial') ? 'plain' : 'good';
}

/** Completion of what was intended in the outage, at the highest quantile that can be told. */
function lateCell({ completion }: OutageSeen, notes: Footnotes): Cell {
  if (!completion) return EMPTY_CELL;
  const { known, done, planned } = completion;
  const survivors = survivorsNote(done, planned, 'done');
  return textCell(`${quantileName(known.quantile)} ${formatUs(known.valueUs)}`, {
    value: known.valueUs,
    unit: 'us',
    marks: survivors.map((text) => notes.mark(text)),
  });
}

function seenCell(trials: readonly Trial[]): Cell {
  const seen = downtimesMs(trials);
  if (seen.length === 0) return textCell('not seen', { tone: 'bad' });
  const longest = Math.max(...seen);
  return textCell(formatMs(longest), {
    value: longest * 1000,
    unit: 'us',
    below: seen.length > 1 ? plural(seen.length, 'fault') : null,
  });
}
