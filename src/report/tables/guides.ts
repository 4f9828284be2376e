import { figureCell } from '../cells.ts';
import { wholeBytes } from '../../analysis/patterns/bytes.ts';
import { isDrifting } from '../../analysis/patterns/drift.ts';
import { wholeCpuUs } from '../../analysis/patterns/cpu.ts';
import type { Footnotes } from '../footnotes.ts';
import type { Result } from '../../record/record.ts';
import { timedTrials, type PatternResult } from '../../analysis/patterns/pattern-result.ts';
import { CLAIM_TONES } from '../claims/claims-text.ts';
import type { Aspect, WordRating } from '../../analysis/claims/words/word.ts';
import type { RatedPattern } from '../../analysis/claims/words/words.ts';
import { foundCoupling, sharesOf } from '../../analysis/patterns/found-coupling.ts';
import { wordCaveatText, figureText, reasonText, wordText } from '../claims/word-text.ts';
import { DRIFTING } from '../drift-text.ts';
import { downText } from '../down-text.ts';
import { couplingText, sharesText } from '../reasons/coupling-text.ts';
import { patternRow, type TableColumn, tableOf, textColumn } from '../table.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';
import { CPU_UNKNOWN, guaranteeCell, sumNote } from './cost.ts';
import { doneCell, waitCell } from './latency.ts';
import { missingText } from './outage.ts';
import { BYTES_NOTE, BYTES_UNKNOWN } from './traffic.ts';
import { loadVerdictCell, validityCell } from './verdicts.ts';

/** The guides' claims of each pattern beside what was measured; undefined where they claim nothing. */
export function guidesSection(
  result: Result,
  all: readonly RatedPattern[],
  notes: Footnotes,
): Section | undefined {
  if (all.length === 0) return undefined;
  const patterns = all.map((one) => one.pattern);
  const rating = (id: Aspect, title: string): TableColumn<RatedPattern> => {
    const cell = ({ pattern, words }: RatedPattern) => ratingCell(words[id], pattern, notes);
    return textColumn(id, title, cell);
  };
  return tableOf<RatedPattern>(
    {
      id: 'guides',
      title: 'Claimed by the guides → measured',
      isExplained: true,
      nameOf: ({ pattern }) => patternRow(pattern),
      columns: [
        textColumn('use-case', 'Use case', ({ useCase }) => textCell(useCase)),
        rating('latency', 'Latency'),
        ...(all[0]?.elsewhere ?? []).map(({ variant }) =>
          textColumn(
            `latency-${variant.id}`,
            `Latency, ${variant.title}`,
            ({ pattern, elsewhere }: RatedPattern) => {
              const own = elsewhere.find((one) => one.variant === variant);
              return own ? ratingCell(own.latency, pattern, notes) : EMPTY_CELL;
            },
          ),
        ),
        rating('complexity', 'Complexity'),
        rating('coupling', 'Coupling'),
        ...figureColumns(result, patterns, notes),
      ],
    },
    all,
  );
}

function figureColumns(
  result: Result,
  patterns: readonly PatternResult[],
  notes: Footnotes,
): TableColumn<RatedPattern>[] {
  const brokerOutage = result.scenario.brokerOutage?.do ?? 'kill';
  const of = (cell: (pattern: PatternResult) => Cell) => {
    return { cell: ({ pattern }: RatedPattern) => cell(pattern) };
  };
  return [
    {
      id: 'broker-outage',
      title: `Broker ${downText(brokerOutage)}`,
      align: 'left',
      ...of((pattern) => brokerOutageCell(result, pattern, notes)),
    },
    { id: 'response-p50', title: 'Response p50', ...of((pattern) => responseCell(pattern, notes)) },
    { id: 'completion-p50', title: 'Completion p50', ...of((pattern) => doneCell(pattern, 0.5, notes)) },
    { id: 'cpu', title: 'CPU per request', ...of((pattern) => wholeCpuCell(result, pattern, notes)) },
    { id: 'bytes', title: 'Bytes per request', ...of((pattern) => wholeBytesCell(result, pattern, notes)) },
    {
      id: 'guarantee',
      title: 'Guarantee',
      align: 'left',
      ...of((pattern) => guaranteeCell(pattern, patterns, notes)),
    },
    {
      id: 'validity-load',
      title: 'Validity, load',
      align: 'left',
      ...of((pattern) => validityCells(pattern, notes)),
    },
  ];
}

function responseCell(pattern: PatternResult, notes: Footnotes): Cell {
  const isMeasured = pattern.trials.latency.length > 0;
  return { ...waitCell(pattern, 0.5, notes), below: isMeasured ? `until ${pattern.waitsFor}` : null };
}

function ratingCell(rating: WordRating, pattern: PatternResult, notes: Footnotes): Cell {
  const { verdict, reason, caveat, figure } = rating;
  const texts = [
    ...(reason === null ? [] : [`${pattern.record.title}: inconclusive: ${reasonText(reason)}.`]),
    ...(caveat === null ? [] : [wordCaveatText(caveat)]),
  ];
  return textCell(wordText(rating), {
    below: figure && figureText(figure),
    marks: texts.map((text) => notes.mark(text)),
    tone: verdict === null || rating.basis !== 'measured' ? 'plain' : CLAIM_TONES[verdict],
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

export function wholeCpuCell(result: Result, pattern: PatternResult, notes: Footnotes): Cell {
  if (pattern.trials.latency.length === 0) return EMPTY_CELL;
  const us = wholeCpuUs(result, pattern);
  if (us === undefined && isDrifting(pattern))
    return textCell('drifting', { tone: 'weak', marks: [notes.mark(DRIFTING)] });
  return us === undefined
    ? textCell('unknown', { tone: 'weak', marks: [notes.mark(CPU_UNKNOWN)] })
    : figureCell(us, 'cpu-us', { marks: sumNote(pattern, notes) });
}

export function wholeBytesCell(result: Result, pattern: PatternResult, notes: Footnotes): Cell {
  if (pattern.trials.wireBytes.length === 0) return EMPTY_CELL;
  const bytes = wholeBytes(result, pattern);
  if (bytes === undefined) return textCell('unknown', { tone: 'weak', marks: [notes.mark(BYTES_UNKNOWN)] });
  return figureCell(bytes, 'bytes', { marks: [notes.mark(BYTES_NOTE), ...sumNote(pattern, notes)] });
}

/** Validity of all trials of the pattern, and below it the load verdict. */
function validityCells(pattern: PatternResult, notes: Footnotes): Cell {
  const measured = validityCell(timedTrials(pattern), notes, 'trials');
  const load = loadVerdictCell(pattern.trials.latency, notes);
  if (measured === EMPTY_CELL) return load;
  const marks = [...new Set([...measured.marks, ...load.marks])];
  // The load's verdict comes second: how many of the trials are in doubt belongs to the first.
  const below = [measured.below, load === EMPTY_CELL ? null : load.text].filter((text) => text !== null);
  return { ...measured, below: below.length === 0 ? null : below.join('; '), marks };
}
