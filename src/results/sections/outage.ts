import { NS_PER_MS } from '../../kernel/clock.ts';
import { mergeSeries } from '../../measure/histogram.ts';
import { knownQuantile } from '../known-quantile.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatCount, formatMs, formatShare, formatUs, plural, quantileName } from '../format.ts';
import { loadText } from '../load-text.ts';
import type { Result, Trial } from '../record.ts';
import { failingText } from '../outcomes.ts';
import { outagePhases, plannedOf, type ResultRow } from '../row.ts';
import { survivorsNote } from '../survivors.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { measurementCell } from './verdicts.ts';

/** What is left of the service while the callee is away; undefined where the scenario takes nothing away. */
export function outageSection(
  { scenario, order }: Result,
  rows: readonly ResultRow[],
  notes: Footnotes,
): Section | undefined {
  // Rows of targets are never taken away: with no others there is nothing to tell.
  if (!scenario.outage || !order.some((entry) => entry.kind === 'outage')) return undefined;
  const { forMs } = scenario.outage;
  return {
    id: 'outage',
    title: `Callee ${downText(scenario.outage.do)} for ${formatMs(forMs)}: one trial a row, ${loadText(scenario.load)}, deadline ${formatMs(scenario.deadlineMs)}`,
    columns: [
      { id: 'coupling', title: 'Coupling', align: 'left' },
      { id: 'served', title: 'Served while down', align: 'right' },
      { id: 'finally-done', title: 'Finally done', align: 'right' },
      { id: 'never-done', title: 'Never done', align: 'right' },
      { id: 'done-late', title: 'Work done after', align: 'right' },
      { id: 'outage', title: 'Down, as seen', align: 'right' },
      { id: 'outage-measurement', title: 'Measurement', align: 'left' },
    ],
    rows: rows.map((row) => ({
      pattern: row.pattern.id,
      title: row.pattern.title,
      part: null,
      cells: row.outage.length === 0 ? missing(row) : cellsOf(row, notes),
    })),
  };
}

export function downText(what: 'kill' | 'freeze'): string {
  return what === 'kill' ? 'killed' : 'frozen';
}

function missing(row: ResultRow): Cell[] {
  return [textCell(missingText(row), { tone: 'weak' }), ...Array.from({ length: 6 }, () => EMPTY_CELL)];
}

function missingText({ pattern, failed }: ResultRow): string {
  if (pattern.state === 'not-run') return 'not run';
  if (pattern.target !== null) return 'not taken away';
  return failed.some((trial) => trial.kind === 'outage') ? 'failed' : '–';
}

function cellsOf(row: ResultRow, notes: Footnotes): Cell[] {
  const found = row.outage.flatMap((trial) => trial.coupling ?? []);
  const sum = (pick: (c: (typeof found)[number]) => number) => found.reduce((n, c) => n + pick(c), 0);
  const intended = sum((c) => c.intended);
  if (intended === 0)
    return [textCell('nothing found', { tone: 'weak' }), ...Array.from({ length: 6 }, () => EMPTY_CELL)];
  const verdicts = [...new Set(found.map((c) => c.verdict))];
  const never = intended - sum((c) => c.finallyDone);
  return [
    textCell(verdicts.join(' / '), { tone: toneOf(verdicts) }),
    shareCell(
      sum((c) => c.served),
      intended,
      [...(row.waitsFor === 'reply' ? [] : [ACCEPTED]), ...failing(row)].map((text) => notes.mark(text)),
    ),
    shareCell(
      sum((c) => c.finallyDone),
      intended,
      [],
    ),
    textCell(formatCount(never), { value: never, unit: 'count', tone: never > 0 ? 'bad' : 'plain' }),
    lateCell(row, notes),
    seenCell(row.outage),
    measurementCell(row.outage, notes),
  ];
}

const ACCEPTED =
  'Served means accepted: the broker confirmed the message within the deadline, while nobody could do its work.';

/** An outage in which calls fail at once is another one than one in which they hang. */
function failing(row: ResultRow): string[] {
  const found = failingText(outagePhases(row));
  return found.length === 0 ? [] : [`${row.pattern.title}, while its callee was down: ${found.join('; ')}.`];
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
function lateCell(row: ResultRow, notes: Footnotes): Cell {
  const phases = outagePhases(row);
  const series = phases.length === 0 ? undefined : mergeSeries(phases.map((phase) => phase.completion));
  const known = series && knownQuantile(series);
  if (!known) return EMPTY_CELL;
  const survivors = survivorsNote(series.count, plannedOf(phases), 'done');
  return textCell(`${quantileName(known.quantile)} ${formatUs(known.valueUs)}`, {
    value: known.valueUs,
    unit: 'us',
    marks: survivors.map((text) => notes.mark(text)),
  });
}

/** From the process seen to end until the service was ready again. */
function seenCell(trials: readonly Trial[]): Cell {
  const seen = trials
    .flatMap((trial) => trial.faults)
    .flatMap((f) => {
      return f.observedNs === null || f.readyNs === null ? [] : [(f.readyNs - f.observedNs) / NS_PER_MS];
    });
  if (seen.length === 0) return textCell('not seen', { tone: 'bad' });
  const longest = Math.max(...seen);
  return textCell(formatMs(longest), {
    value: longest * 1000,
    unit: 'us',
    below: seen.length > 1 ? plural(seen.length, 'fault') : null,
  });
}
