import { isStream } from '../../contracts/interactions.ts';
import { NS_PER_S } from '../../kernel/clock.ts';
import { quantileCell, spreadOf } from '../../measure/figures/percentile.ts';
import { isWorkKnown } from '../../analysis/patterns/evidence.ts';
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
import { loadsText } from '../load-text.ts';
import type { Result, Trial } from '../../record/record.ts';
import {
  isMarked,
  plannedOf,
  type PatternResult,
  type RoundedSeries,
  type SeriesKind,
} from '../../analysis/patterns/pattern-result.ts';
import { needsCell } from '../cells.ts';
import { type Coverage, sampleCoverageNote } from '../sample-coverage.ts';
import { type Cell, type Column, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { completionSourceNote } from './seen-at.ts';
import { loadVerdictCell, validityCell } from './verdicts.ts';

/** What the caller waits and when the work is done, without a fault; a row per pattern and variant. */
export function latencySection(result: Result, lines: readonly PatternResult[], notes: Footnotes): Section {
  const { scenario } = result;
  const rounds = plural(scenario.rounds, 'round');
  const has: Has = {
    variants: lines.some((line) => line.variant !== null),
    firsts: lines.some((line) => line.series.firstCompletion.merged !== null),
  };
  const load = has.variants ? 'by variant' : loadsText(scenario);
  return {
    id: 'latency',
    title: `Without a fault: ${rounds} of ${formatMs(scenario.durationMs)}, ${load}`,
    columns: columnsOf(has),
    rows: lines.map((line) => ({
      pattern: line.record.id,
      title: line.record.title,
      part: line.variant,
      cells: cellsOf(line, has, notes),
    })),
  };
}

/** Columns that only some scenarios need. */
interface Has {
  readonly variants: boolean;
  /** Rows with several subscribers: their work is done for the first one before it is for the last. */
  readonly firsts: boolean;
}

const VARIANT: Column = { id: 'variant', title: 'Variant', align: 'left' };

function columnsOf({ variants, firsts }: Has): Column[] {
  const first: Column[] = firsts
    ? [
        { id: 'first-done-p50', title: 'First done p50', align: 'right' },
        { id: 'first-done-p99', title: 'First done p99', align: 'right' },
      ]
    : [];
  return [
    ...(variants ? [VARIANT] : []),
    { id: 'response-p50', title: 'Response p50', align: 'right' },
    { id: 'response-p99', title: 'Response p99', align: 'right' },
    ...first,
    { id: 'completion-p50', title: 'Completion p50', align: 'right' },
    { id: 'completion-p99', title: 'Completion p99', align: 'right' },
    { id: 'goodput', title: 'Goodput', align: 'right' },
    { id: 'done-goodput', title: 'Done within deadline', align: 'right' },
    { id: 'validity', title: 'Validity', align: 'left' },
    { id: 'load', title: 'Load', align: 'left' },
  ];
}

function cellsOf(line: PatternResult, has: Has, notes: Footnotes): Cell[] {
  const withLog = line.trials.latency.filter(isWorkKnown);
  const first = [0.5, 0.99].map((q) => quantileOf(line, 'firstCompletion', q, notes));
  return [
    ...(has.variants ? [textCell(line.variant ?? '')] : []),
    waitCell(line, 0.5, notes),
    waitCell(line, 0.99, notes),
    ...(has.firsts ? first : []),
    doneCell(line, 0.5, notes),
    doneCell(line, 0.99, notes),
    goodputCell(line.trials.latency, 'correct'),
    goodputCell(withLog, 'doneInTime'),
    validityCell(line.trials.latency, notes),
    loadVerdictCell(line.trials.latency, notes),
  ];
}

/** With several subscribers work is done when the last one's is; of a target, when it was seen to come out. */
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
  const marked = isMarked(pattern.trials.latency, q);
  // Gaps are not of calls: there are more of them, or fewer.
  const coverageNotes =
    kind === 'itemJitter'
      ? []
      : sampleCoverageNote(series.merged.count, plannedSamples(pattern, kind), coverage(pattern, kind));
  return {
    text: formatUs(cell.valueUs),
    value: cell.valueUs,
    unit: 'us',
    below: spreadText(series, q, cell.valueUs),
    marks: [...(marked ? [MARKED] : []), ...coverageNotes].map((text) => notes.mark(text)),
    tone: marked ? 'weak' : 'plain',
  };
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
