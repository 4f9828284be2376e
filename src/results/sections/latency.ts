import { NS_PER_S } from '../../kernel/clock.ts';
import { quantileCell, spreadOf, type QuantileCell } from '../../measure/percentile.ts';
import type { Footnotes } from '../footnotes.ts';
import {
  formatMs,
  formatRangeUs,
  formatRate,
  formatShare,
  formatUs,
  plural,
  quantileName,
} from '../format.ts';
import { loadText } from '../load-text.ts';
import type { Result, Trial } from '../record.ts';
import { isMarked, plannedOf, type ResultRow, type RoundedSeries } from '../row.ts';
import { survivorsNote } from '../survivors.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { loadVerdictCell, measurementCell } from './verdicts.ts';

/** What the caller waits and when the work is done, without a fault. */
export function latencySection(result: Result, rows: readonly ResultRow[], notes: Footnotes): Section {
  const { scenario } = result;
  const rounds = plural(scenario.rounds, 'round');
  return {
    id: 'latency',
    title: `Without a fault: ${rounds} of ${formatMs(scenario.durationMs)}, ${loadText(scenario.load)}`,
    columns: [
      { id: 'wait-p50', title: 'Caller waits p50', align: 'right' },
      { id: 'wait-p99', title: 'Caller waits p99', align: 'right' },
      { id: 'done-p50', title: 'Work done p50', align: 'right' },
      { id: 'done-p99', title: 'Work done p99', align: 'right' },
      { id: 'goodput', title: 'Goodput', align: 'right' },
      { id: 'done-goodput', title: 'Done in time', align: 'right' },
      { id: 'measurement', title: 'Measurement', align: 'left' },
      { id: 'load', title: 'Load', align: 'left' },
    ],
    rows: rows.map((row) => ({
      pattern: row.pattern.id,
      title: row.pattern.title,
      part: null,
      cells: [
        waitCell(row, 0.5, notes),
        waitCell(row, 0.99, notes),
        quantile(row, 'completion', 0.5, notes),
        quantile(row, 'completion', 0.99, notes),
        goodputCell(row.latency, 'correct'),
        goodputCell(
          row.latency.filter((trial) => trial.evidence === 'effect-log'),
          'doneInTime',
        ),
        measurementCell(row.latency, notes),
        loadVerdictCell(row.latency, notes),
      ],
    })),
  };
}

function waitCell(row: ResultRow, q: number, notes: Footnotes): Cell {
  const cell = quantile(row, 'response', q, notes);
  if (row.waitsFor === 'reply' || cell.value === null) return cell;
  const mark = notes.mark("Until the broker's confirm: the message is accepted, its work is not done yet.");
  return { ...cell, marks: [mark, ...cell.marks] };
}

function quantile(row: ResultRow, kind: 'response' | 'completion', q: number, notes: Footnotes): Cell {
  const series = row[kind];
  if (row.pattern.state === 'not-run') return textCell('not run', { tone: 'weak' });
  if (!series.merged) return EMPTY_CELL;
  const cell = quantileCell(series.merged, q);
  if (cell.state === 'needs') return needsCell(cell, notes);
  const marked = isMarked(row.latency, q);
  const cameTo = kind === 'completion' ? 'done' : row.waitsFor;
  const survivors = survivorsNote(series.merged.count, series.planned, cameTo);
  return {
    text: formatUs(cell.valueUs),
    value: cell.valueUs,
    unit: 'us',
    below: spreadText(series, q, cell.valueUs),
    marks: [...(marked ? [MARKED] : []), ...survivors].map((text) => notes.mark(text)),
    tone: marked ? 'weak' : 'plain',
  };
}

const MARKED =
  'Marked and never ranked: the generator itself was too late at this quantile, so the figure may be its own.';

/** What it would take to know a percentile (DESIGN 3.11). */
export function needsCell(cell: Extract<QuantileCell, { state: 'needs' }>, notes: Footnotes): Cell {
  const enough = cell.samplesBeyond >= cell.samplesNeeded;
  const text = enough
    ? `needs ${cell.intervalsNeeded} intervals`
    : `needs ${plural(cell.countNeeded, 'call')}`;
  const mark = notes.mark(
    `A percentile is printed with at least ${cell.samplesNeeded} samples beyond it, from at least ${cell.intervalsNeeded} separate 100 ms intervals: one pause is one event.`,
  );
  return textCell(text, { marks: [mark], tone: 'weak' });
}

/** Of all calls, whatever became of them: those of use within the deadline, per second of intended time. */
function goodputCell(trials: readonly Trial[], count: 'correct' | 'doneInTime'): Cell {
  const phases = trials.flatMap((trial) => trial.phases);
  const planned = plannedOf(phases);
  if (planned === 0) return EMPTY_CELL;
  const good = phases.reduce((n, phase) => n + phase[count], 0);
  const perS = (good * NS_PER_S) / phases.reduce((ns, phase) => ns + phase.toNs - phase.fromNs, 0);
  return textCell(formatRate(perS), {
    value: perS,
    unit: 'per-s',
    below: good < planned ? formatShare(good / planned) : null,
    tone: good < planned ? 'bad' : 'plain',
  });
}

function spreadText(series: RoundedSeries, q: number, valueUs: number): string {
  const spread = spreadOf(series.rounds, q);
  if (spread.state === 'unknown') return 'spread unknown';
  const name = spread.quantile === q ? '' : `${quantileName(spread.quantile)} `;
  return name + formatRangeUs(spread.lowUs, spread.highUs, valueUs);
}
