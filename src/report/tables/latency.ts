import { isStream } from '../../contracts/interactions.ts';
import { NS_PER_S } from '../../kernel/clock.ts';
import { quantileCell, spreadOf } from '../../measure/figures/percentile.ts';
import { isDrifting } from '../../analysis/patterns/drift.ts';
import type { Series } from '../../measure/figures/figures.ts';
import { isWorkKnown } from '../../analysis/patterns/evidence.ts';
import type { Footnotes } from '../footnotes.ts';
import { DRIFTING } from '../drift-text.ts';
import { formatMs, formatRangeUs, formatShare, formatUs, plural, quantileName } from '../format.ts';
import { loadsText } from '../load-text.ts';
import type { Result, Trial } from '../../record/record.ts';
import {
  isMarked,
  plannedOf,
  unconfirmedIn,
  type PatternResult,
  type RoundedSeries,
  type SeriesKind,
} from '../../analysis/patterns/pattern-result.ts';
import { figureCell, needsCell } from '../cells.ts';
import { type Coverage, sampleCoverageNote } from '../sample-coverage.ts';
import { figureColumn, patternRow, type TableColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { completionSourceNote } from './seen-at.ts';
import { loadVerdictCell, validityCell } from './verdicts.ts';

/** Response and completion times without a fault, of each pattern under each variant. */
export function latencySection(result: Result, lines: readonly PatternResult[], notes: Footnotes): Section {
  const { scenario } = result;
  const rounds = plural(scenario.rounds, 'round');
  const load = lines.some((line) => line.variant !== null) ? 'by variant' : loadsText(scenario);
  return tableOf(
    {
      id: 'latency',
      title: `Without a fault: ${rounds} of ${formatMs(scenario.durationMs)}, ${load}`,
      nameOf: patternRow,
      columns: columnsOf(lines, notes),
    },
    lines,
  );
}

/** Shown where there are variants. */
export const VARIANT: TableColumn<PatternResult> = textColumn(
  'variant',
  'Variant',
  ({ variant }) => textCell(variant ?? ''),
  { isOptional: true },
);

function columnsOf(lines: readonly PatternResult[], notes: Footnotes): TableColumn<PatternResult>[] {
  // With several subscribers work is done for the first one before it is for the last.
  const hasFirsts = lines.some((line) => line.series.firstCompletion.merged !== null);
  const first = (q: number) => (line: PatternResult) => quantileOf(line, 'firstCompletion', q, notes);
  const goodput = (count: 'correct' | 'doneInTime') => (line: PatternResult) =>
    goodputCell(count === 'correct' ? line.trials.latency : line.trials.latency.filter(isWorkKnown), count);
  const firsts: TableColumn<PatternResult>[] = [
    figureColumn('first-done-p50', 'First done p50', first(0.5)),
    figureColumn('first-done-p99', 'First done p99', first(0.99)),
  ];
  return [
    VARIANT,
    figureColumn('response-p50', 'Response p50', (line) => waitCell(line, 0.5, notes)),
    figureColumn('response-p99', 'Response p99', (line) => waitCell(line, 0.99, notes)),
    ...(hasFirsts ? firsts : []),
    figureColumn('completion-p50', 'Completion p50', (line) => doneCell(line, 0.5, notes)),
    figureColumn('completion-p99', 'Completion p99', (line) => doneCell(line, 0.99, notes)),
    figureColumn('goodput', 'Goodput', goodput('correct')),
    figureColumn('done-goodput', 'Done within deadline', goodput('doneInTime')),
    ...verdictColumns(notes),
  ];
}

function verdictColumns(notes: Footnotes): TableColumn<PatternResult>[] {
  return [
    textColumn('validity', 'Validity', ({ trials: { latency } }) => validityCell(latency, notes)),
    textColumn('load', 'Load', ({ trials: { latency } }) => loadVerdictCell(latency, notes)),
  ];
}

/** Work of several subscribers is done with the last one's; that of a target when it is seen to come out. */
export function doneCell(pattern: PatternResult, q: number, notes: Footnotes): Cell {
  const cell = quantileOf(pattern, 'completion', q, notes);
  const { subscribers } = pattern.record;
  const several = `Work is done when the last of ${subscribers} subscribers has done it.`;
  const note = completionSourceNote(pattern.record) ?? (subscribers > 1 ? several : null);
  if (note === null || cell.value === null) return cell;
  return { ...cell, marks: [notes.mark(note), ...cell.marks] };
}

const WHOLE_STREAM = 'Until the end of a whole stream, which is planned to take most of this time.';

/** Marked where the broker's confirm ends the wait, or the end of a stream. */
export function waitCell(pattern: PatternResult, q: number, notes: Footnotes): Cell {
  const cell = quantileOf(pattern, 'response', q, notes);
  if (cell.value === null) return cell;
  if (isStream(pattern.record.interaction))
    return { ...cell, marks: [notes.mark(WHOLE_STREAM), ...cell.marks] };
  if (pattern.waitsFor === 'reply') return cell;
  const mark = notes.mark("Until the broker's confirm: the message is accepted, its work is not done yet.");
  return { ...cell, marks: [mark, ...cell.marks] };
}

/** A percentile of all rounds, with the range of the rounds below it. */
export function quantileOf(pattern: PatternResult, kind: SeriesKind, q: number, notes: Footnotes): Cell {
  const series = pattern.series[kind];
  if (pattern.record.state === 'not-run') return textCell('not run', { tone: 'weak' });
  if (!series.merged) return EMPTY_CELL;
  const cell = quantileCell(series.merged, q);
  if (cell.state === 'needs') return needsCell(cell, notes);
  if (isDrifting(pattern)) return { ...driftCell(series.rounds, q), marks: [notes.mark(DRIFTING)] };
  const marked = isMarked(pattern.trials.latency, q);
  // Gaps are not calls: their number is another.
  const coverageNotes =
    kind === 'itemJitter'
      ? []
      : sampleCoverageNote(series.merged.count, plannedSamples(pattern, kind), coverage(pattern, kind));
  return figureCell(cell.valueUs, 'us', {
    below: spreadText(series, q, cell.valueUs),
    marks: [...(marked ? [MARKED] : []), ...coverageNotes].map((text) => notes.mark(text)),
    tone: marked ? 'weak' : 'plain',
  });
}

/** From the first round to the last: no percentile of all rounds together describes any of them. */
export function driftCell(rounds: readonly Series[], q: number): Cell {
  const each = rounds.map((round) => quantileCell(round, q));
  const [first, last] = [each[0], each.at(-1)];
  if (first?.state !== 'known' || last?.state !== 'known') return textCell('drifting', { tone: 'weak' });
  return textCell(`${formatUs(first.valueUs)} → ${formatUs(last.valueUs)}`, { tone: 'weak' });
}

/** Every subscriber has a first item of its own. */
function plannedSamples(pattern: PatternResult, kind: SeriesKind): number {
  const { planned } = pattern.series[kind];
  const isOfEach = kind === 'firstItem' && !isStream(pattern.record.interaction);
  return isOfEach ? planned * pattern.record.subscribers : planned;
}

function coverage(pattern: PatternResult, kind: SeriesKind): Coverage {
  if (kind === 'firstItem') return 'first item';
  return kind === 'response' ? pattern.waitsFor : 'done';
}

export const MARKED =
  'Marked and never ranked: the generator itself was too late at this quantile, so the figure may be its own.';

/** Calls of use within the deadline, of all planned ones but those sent unconfirmed, per second of intended time. */
export function goodputCell(trials: readonly Trial[], count: 'correct' | 'doneInTime'): Cell {
  const phases = trials.flatMap((trial) => trial.phases);
  const planned = plannedOf(phases) - (count === 'correct' ? unconfirmedIn(phases) : 0);
  if (planned === 0) return EMPTY_CELL;
  const good = phases.reduce((n, phase) => n + phase[count], 0);
  const perS = (good * NS_PER_S) / phases.reduce((ns, phase) => ns + phase.toNs - phase.fromNs, 0);
  return figureCell(perS, 'per-s', {
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
