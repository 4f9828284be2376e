import type { WordRating } from '../../../analysis/claims/words/word.ts';
import type { RatedPattern } from '../../../analysis/claims/words/words.ts';
import { foundCoupling } from '../../../analysis/patterns/found-coupling.ts';
import { timedTrials } from '../../../analysis/patterns/pattern-result.ts';
import type { Result } from '../../../record/record.ts';
import { figureOnly } from '../../cells.ts';
import { CLAIM_TONES } from '../../claims/claims-text.ts';
import { claimedText, figureText } from '../../claims/word-text.ts';
import { NO_NOTES } from '../../footnotes.ts';
import { formatRatio } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { figureColumn, patternRow, type TableColumn, tableOf, textColumn } from '../../table.ts';
import { wholeBytesCell, wholeCpuCell } from '../../tables/guides.ts';
import { percentileCell, validCell } from './figures.ts';

/** The guides' table: what they claim of each pattern, beside what was measured. */
export function guidesTable(result: Result, all: readonly RatedPattern[]): Section {
  return tableOf(
    {
      id: 'guides',
      isCompared: true,
      nameOf: ({ pattern }) => patternRow(pattern),
      columns: columnsOf(result, all),
    },
    all,
  );
}

function columnsOf(result: Result, all: readonly RatedPattern[]): TableColumn<RatedPattern>[] {
  const p50 =
    (kind: 'response' | 'completion') =>
    ({ pattern }: RatedPattern) =>
      percentileCell(pattern, kind, 0.5);
  return [
    figureColumn('response-p50', 'Response time p50', responseCell, { priority: 1 }),
    figureColumn('completion-p50', 'Completion time p50', p50('completion'), { priority: 1 }),
    textColumn('latency', 'Latency: claimed → measured', ({ words }) => ratedCell(words.latency), {
      priority: 1,
    }),
    ...elsewhereColumns(all),
    textColumn('coupling', 'Coupling: claimed → measured', ({ words }) => ratedCell(words.coupling), {
      priority: 2,
    }),
    textColumn('broker', 'Depends on the broker', brokerCell, { priority: 3 }),
    textColumn('complexity', 'Complexity (our rating)', ({ words }) => complexityCell(words.complexity), {
      priority: 6,
    }),
    figureColumn(
      'cpu',
      'CPU per request',
      ({ pattern }) => figureOnly(wholeCpuCell(result, pattern, NO_NOTES)),
      { priority: 4 },
    ),
    figureColumn(
      'bytes',
      'Bytes per request',
      ({ pattern }) => figureOnly(wholeBytesCell(result, pattern, NO_NOTES)),
      { priority: 7 },
    ),
    figureColumn('valid', 'Valid', ({ pattern }) => validCell(timedTrials(pattern)), { priority: 5 }),
  ];
}

/** The same figure under each variant that changes the scenario. */
function elsewhereColumns(all: readonly RatedPattern[]): TableColumn<RatedPattern>[] {
  return (all[0]?.elsewhere ?? []).map(({ variant }) =>
    textColumn(
      `latency-${variant.id}`,
      `Latency, ${variant.title}`,
      ({ elsewhere }: RatedPattern) => {
        const own = elsewhere.find((one) => one.variant === variant);
        return own ? ratedCell(own.latency) : EMPTY_CELL;
      },
      { priority: 3 },
    ),
  );
}

function responseCell({ pattern }: RatedPattern): Cell {
  const cell = percentileCell(pattern, 'response', 0.5);
  return cell.value === null ? cell : { ...cell, below: `until ${pattern.waitsFor}` };
}

/** `low → high`, below it what came of it: `contradicted 1.66×`. */
function ratedCell(rating: WordRating): Cell {
  const { verdict, figure, basis } = rating;
  if (basis === 'construction') return textCell(claimedText(rating), { below: 'as built' });
  const isDecided = verdict === 'supported' || verdict === 'contradicted';
  const ratio = isDecided && figure?.code === 'ratio' ? formatRatio(figure.interval.ratio) : undefined;
  return textCell(claimedText(rating), {
    below: [verdict === null ? 'reference' : verdict, ratio].filter(Boolean).join(' '),
    tone: verdict === null ? 'plain' : CLAIM_TONES[verdict],
  });
}

/** A list written by hand: not measured, so neither supported nor contradicted. */
function complexityCell(rating: WordRating): Cell {
  const { measured, figure } = rating;
  if (measured.length === 0) return EMPTY_CELL;
  return textCell(claimedText(rating), { below: figure && figureText(figure) });
}

/** What becomes of calls while it is away. */
const CALLS = { refuse: 'refused', wait: 'held', keep: 'kept' } as const;

/** Tight coupling to the broker: nothing goes while it is down. */
function brokerCell({ pattern }: RatedPattern): Cell {
  if (pattern.trials.brokerOutage.length === 0) return EMPTY_CELL;
  const found = foundCoupling(pattern, 'brokerOutage');
  if (found.state === 'unknown') return textCell('inconclusive', { tone: 'weak' });
  const words = { tight: 'yes', partial: 'partly', loose: 'no' } as const;
  const { patience } = pattern.record;
  return textCell(words[found.coupling.verdict], { below: patience && `calls ${CALLS[patience]}` });
}
