import { wholeBytes } from '../../analysis/patterns/bytes.ts';
import { wholeCpuUs } from '../../analysis/patterns/cpu.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatBytes, formatCpuUs } from '../format.ts';
import type { Result } from '../../record/record.ts';
import { timedTrials, type ResultRow } from '../../analysis/patterns/row.ts';
import type { Verdict } from '../../analysis/claims/verdict.ts';
import type { WordJudgement } from '../../analysis/claims/words/word.ts';
import type { JudgedRow } from '../../analysis/claims/words/words.ts';
import { foundCoupling, sharesOf } from '../../analysis/patterns/found-coupling.ts';
import { caveatText, figureText, reasonText, wordText } from '../claims/word-text.ts';
import { downText } from '../down-text.ts';
import { couplingText, sharesText } from '../reasons/coupling-text.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { CPU_UNKNOWN, guaranteeCell, sumNote } from './cost.ts';
import { doneCell, waitCell } from './latency.ts';
import { missingText } from './outage.ts';
import { BYTES_NOTE, BYTES_UNKNOWN } from './traffic.ts';
import { loadVerdictCell, measurementCell } from './verdicts.ts';

/** The guides' table: what they say of each row beside what was found; undefined where they say nothing. */
export function guidesSection(
  result: Result,
  all: readonly JudgedRow[],
  notes: Footnotes,
): Section | undefined {
  if (all.length === 0) return undefined;
  const rows = all.map((one) => one.row);
  const middle = result.scenario.middle?.do ?? 'kill';
  return {
    id: 'guides',
    title: 'What the guides say → what was found',
    isExplained: true,
    columns: [
      { id: 'use-case', title: 'Use case', align: 'left' },
      { id: 'latency', title: 'Latency', align: 'left' },
      { id: 'complexity', title: 'Complexity', align: 'left' },
      { id: 'coupling', title: 'Coupling', align: 'left' },
      { id: 'middle', title: `Middle ${downText(middle)}`, align: 'left' },
      { id: 'wait-p50', title: 'Caller waits p50', align: 'right' },
      { id: 'done-p50', title: 'Work done p50', align: 'right' },
      { id: 'cpu', title: 'CPU per request', align: 'right' },
      { id: 'bytes', title: 'Bytes per request', align: 'right' },
      { id: 'guarantee', title: 'Guarantee', align: 'left' },
      { id: 'judgements', title: 'Measured, load', align: 'left' },
    ],
    rows: all.map((one) => ({
      pattern: one.row.pattern.id,
      title: one.row.pattern.title,
      part: null,
      cells: cellsOf(result, one, rows, notes),
    })),
  };
}

function cellsOf(
  result: Result,
  { row, useCase, words }: JudgedRow,
  rows: readonly ResultRow[],
  notes: Footnotes,
): Cell[] {
  return [
    textCell(useCase),
    judgedCell(words.latency, row, notes),
    judgedCell(words.complexity, row, notes),
    judgedCell(words.coupling, row, notes),
    middleCell(result, row, notes),
    { ...waitCell(row, 0.5, notes), below: row.latency.length === 0 ? null : `until ${row.waitsFor}` },
    doneCell(row, 0.5, notes),
    cpuCell(result, row, notes),
    bytesCell(result, row, notes),
    guaranteeCell(row, rows, notes),
    judgementsCell(row, notes),
  ];
}

const TONES: Readonly<Record<Verdict, Cell['tone']>> = {
  supported: 'good',
  contradicted: 'bad',
  inconclusive: 'weak',
};

function judgedCell(judged: WordJudgement, row: ResultRow, notes: Footnotes): Cell {
  const { verdict, reason, caveat, figure } = judged;
  const texts = [
    ...(reason === null ? [] : [`${row.pattern.title}: can't tell: ${reasonText(reason)}.`]),
    ...(caveat === null ? [] : [caveatText(caveat)]),
  ];
  return textCell(wordText(judged), {
    below: figure && figureText(figure),
    marks: texts.map((text) => notes.mark(text)),
    tone: verdict === null ? 'plain' : TONES[verdict],
  });
}

/** Loose to the callee is tight to the broker. */
function middleCell(result: Result, row: ResultRow, notes: Footnotes): Cell {
  if (row.middle.length === 0) {
    if (!result.scenario.middle) return EMPTY_CELL;
    const [text, why] = missingText(result, row, 'middle');
    return textCell(text, { tone: 'weak', marks: why === undefined ? [] : [notes.mark(why)] });
  }
  const found = foundCoupling(row, 'middle');
  const shares = sharesOf(row, 'middle');
  const below = shares && sharesText(shares);
  if (found.state === 'known') return textCell(found.coupling.verdict, { below });
  const why = `${row.pattern.title}, broker away: can't tell: ${couplingText(found.reason)}.`;
  return textCell("can't tell", { tone: 'weak', below, marks: [notes.mark(why)] });
}

function cpuCell(result: Result, row: ResultRow, notes: Footnotes): Cell {
  if (row.latency.length === 0) return EMPTY_CELL;
  const us = wholeCpuUs(result, row);
  return us === undefined
    ? textCell('unknown', { tone: 'weak', marks: [notes.mark(CPU_UNKNOWN)] })
    : textCell(formatCpuUs(us), { value: us, unit: 'cpu-us', marks: sumNote(row, notes) });
}

function bytesCell(result: Result, row: ResultRow, notes: Footnotes): Cell {
  if (row.count.length === 0) return EMPTY_CELL;
  const bytes = wholeBytes(result, row);
  if (bytes === undefined) return textCell('unknown', { tone: 'weak', marks: [notes.mark(BYTES_UNKNOWN)] });
  return textCell(formatBytes(bytes), {
    value: bytes,
    unit: 'bytes',
    marks: [notes.mark(BYTES_NOTE), ...sumNote(row, notes)],
  });
}

/** May the figures of this row be believed (any of its trials), and how did it take the load. */
function judgementsCell(row: ResultRow, notes: Footnotes): Cell {
  const measured = measurementCell(timedTrials(row), notes, 'trials');
  const load = loadVerdictCell(row.latency, notes);
  if (measured === EMPTY_CELL) return load;
  const marks = [...new Set([...measured.marks, ...load.marks])];
  // The load's verdict comes second: how many of the trials are in doubt belongs to the first.
  const below = [measured.below, load === EMPTY_CELL ? null : load.text].filter((text) => text !== null);
  return { ...measured, below: below.length === 0 ? null : below.join('; '), marks };
}
