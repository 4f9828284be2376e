import { wholeBytes } from '../../analysis/patterns/bytes.ts';
import { wholeCpuUs } from '../../analysis/patterns/cpu.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatBytes, formatCpuUs } from '../format.ts';
import type { Result } from '../../record/record.ts';
import { timedTrials, type PatternResult } from '../../analysis/patterns/pattern-result.ts';
import type { ClaimVerdict } from '../../analysis/claims/verdict.ts';
import type { WordRating } from '../../analysis/claims/words/word.ts';
import type { RatedPattern } from '../../analysis/claims/words/words.ts';
import { foundCoupling, sharesOf } from '../../analysis/patterns/found-coupling.ts';
import { wordCaveatText, figureText, reasonText, wordText } from '../claims/word-text.ts';
import { downText } from '../down-text.ts';
import { couplingText, sharesText } from '../reasons/coupling-text.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { CPU_UNKNOWN, guaranteeCell, sumNote } from './cost.ts';
import { doneCell, waitCell } from './latency.ts';
import { missingText } from './outage.ts';
import { BYTES_NOTE, BYTES_UNKNOWN } from './traffic.ts';
import { loadVerdictCell, validityCell } from './verdicts.ts';

/** The guides' table: what they say of each row beside what was found; undefined where they say nothing. */
export function guidesSection(
  result: Result,
  all: readonly RatedPattern[],
  notes: Footnotes,
): Section | undefined {
  if (all.length === 0) return undefined;
  const patterns = all.map((one) => one.pattern);
  const brokerOutage = result.scenario.brokerOutage?.do ?? 'kill';
  return {
    id: 'guides',
    title: 'Claimed by the guides → measured',
    isExplained: true,
    columns: [
      { id: 'use-case', title: 'Use case', align: 'left' },
      { id: 'latency', title: 'Latency', align: 'left' },
      { id: 'complexity', title: 'Complexity', align: 'left' },
      { id: 'coupling', title: 'Coupling', align: 'left' },
      { id: 'broker-outage', title: `Broker ${downText(brokerOutage)}`, align: 'left' },
      { id: 'response-p50', title: 'Response p50', align: 'right' },
      { id: 'completion-p50', title: 'Completion p50', align: 'right' },
      { id: 'cpu', title: 'CPU per request', align: 'right' },
      { id: 'bytes', title: 'Bytes per request', align: 'right' },
      { id: 'guarantee', title: 'Guarantee', align: 'left' },
      { id: 'validity-load', title: 'Validity, load', align: 'left' },
    ],
    rows: all.map((one) => ({
      pattern: one.pattern.record.id,
      title: one.pattern.record.title,
      part: null,
      cells: cellsOf(result, one, patterns, notes),
    })),
  };
}

function cellsOf(
  result: Result,
  { pattern, useCase, words }: RatedPattern,
  patterns: readonly PatternResult[],
  notes: Footnotes,
): Cell[] {
  return [
    textCell(useCase),
    ratingCell(words.latency, pattern, notes),
    ratingCell(words.complexity, pattern, notes),
    ratingCell(words.coupling, pattern, notes),
    brokerOutageCell(result, pattern, notes),
    {
      ...waitCell(pattern, 0.5, notes),
      below: pattern.trials.latency.length === 0 ? null : `until ${pattern.waitsFor}`,
    },
    doneCell(pattern, 0.5, notes),
    cpuCell(result, pattern, notes),
    bytesCell(result, pattern, notes),
    guaranteeCell(pattern, patterns, notes),
    validityCells(pattern, notes),
  ];
}

const TONES: Readonly<Record<ClaimVerdict, Cell['tone']>> = {
  supported: 'good',
  contradicted: 'bad',
  inconclusive: 'weak',
};

function ratingCell(rating: WordRating, pattern: PatternResult, notes: Footnotes): Cell {
  const { verdict, reason, caveat, figure } = rating;
  const texts = [
    ...(reason === null ? [] : [`${pattern.record.title}: inconclusive: ${reasonText(reason)}.`]),
    ...(caveat === null ? [] : [wordCaveatText(caveat)]),
  ];
  return textCell(wordText(rating), {
    below: figure && figureText(figure),
    marks: texts.map((text) => notes.mark(text)),
    tone: verdict === null ? 'plain' : TONES[verdict],
  });
}

/** Loose to the service is tight to the broker. */
function brokerOutageCell(result: Result, pattern: PatternResult, notes: Footnotes): Cell {
  if (pattern.trials.brokerOutage.length === 0) {
    if (!result.scenario.brokerOutage) return EMPTY_CELL;
    const [text, why] = missingText(result, pattern, 'brokerOutage');
    return textCell(text, { tone: 'weak', marks: why === undefined ? [] : [notes.mark(why)] });
  }
  const found = foundCoupling(pattern, 'brokerOutage');
  const shares = sharesOf(pattern, 'brokerOutage');
  const below = shares && sharesText(shares);
  if (found.state === 'known') return textCell(found.coupling.verdict, { below });
  const why = `${pattern.record.title}, broker away: inconclusive: ${couplingText(found.reason)}.`;
  return textCell('inconclusive', { tone: 'weak', below, marks: [notes.mark(why)] });
}

function cpuCell(result: Result, pattern: PatternResult, notes: Footnotes): Cell {
  if (pattern.trials.latency.length === 0) return EMPTY_CELL;
  const us = wholeCpuUs(result, pattern);
  return us === undefined
    ? textCell('unknown', { tone: 'weak', marks: [notes.mark(CPU_UNKNOWN)] })
    : textCell(formatCpuUs(us), { value: us, unit: 'cpu-us', marks: sumNote(pattern, notes) });
}

function bytesCell(result: Result, pattern: PatternResult, notes: Footnotes): Cell {
  if (pattern.trials.wireBytes.length === 0) return EMPTY_CELL;
  const bytes = wholeBytes(result, pattern);
  if (bytes === undefined) return textCell('unknown', { tone: 'weak', marks: [notes.mark(BYTES_UNKNOWN)] });
  return textCell(formatBytes(bytes), {
    value: bytes,
    unit: 'bytes',
    marks: [notes.mark(BYTES_NOTE), ...sumNote(pattern, notes)],
  });
}

/** May the figures of this row be believed (any of its trials), and how did it take the load. */
function validityCells(pattern: PatternResult, notes: Footnotes): Cell {
  const measured = validityCell(timedTrials(pattern), notes, 'trials');
  const load = loadVerdictCell(pattern.trials.latency, notes);
  if (measured === EMPTY_CELL) return load;
  const marks = [...new Set([...measured.marks, ...load.marks])];
  // The load's verdict comes second: how many of the trials are in doubt belongs to the first.
  const below = [measured.below, load === EMPTY_CELL ? null : load.text].filter((text) => text !== null);
  return { ...measured, below: below.length === 0 ? null : below.join('; '), marks };
}
