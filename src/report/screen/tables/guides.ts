import { wholeCpuUs } from '../../../analysis/patterns/cpu.ts';
import type { ClaimVerdict } from '../../../analysis/claims/verdict.ts';
import type { WordRating } from '../../../analysis/claims/words/word.ts';
import type { RatedPattern } from '../../../analysis/claims/words/words.ts';
import { wholeBytes } from '../../../analysis/patterns/bytes.ts';
import { foundCoupling } from '../../../analysis/patterns/found-coupling.ts';
import { timedTrials } from '../../../analysis/patterns/pattern-result.ts';
import type { Result } from '../../../record/record.ts';
import { figureText, foundTexts } from '../../claims/word-text.ts';
import { formatBytes, formatCpuUs, formatRatio } from '../../format.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../../view.ts';
import { type ScreenColumn, screenTable } from '../screen-table.ts';
import { percentileCell, validCell } from './figures.ts';

/** The guides' table: what they claim of each pattern, beside what was measured. */
export function guidesTable(result: Result, all: readonly RatedPattern[]): Section {
  return screenTable(
    {
      id: 'guides',
      title: '',
      head: 'Pattern',
      columns: columnsOf(result),
      nameOf: ({ pattern: { record } }) => ({ pattern: record.id, title: record.title }),
    },
    all,
  );
}

function columnsOf(result: Result): ScreenColumn<RatedPattern>[] {
  const p50 =
    (kind: 'response' | 'completion') =>
    ({ pattern }: RatedPattern) =>
      percentileCell(pattern, kind, 0.5);
  return [
    { id: 'response-p50', title: 'Response time p50', priority: 1, cell: responseCell },
    { id: 'completion-p50', title: 'Completion time p50', priority: 1, cell: p50('completion') },
    {
      id: 'latency',
      title: 'Latency: claimed → measured',
      align: 'left',
      priority: 1,
      cell: ({ words }) => ratedCell(words.latency),
    },
    {
      id: 'coupling',
      title: 'Coupling: claimed → measured',
      align: 'left',
      priority: 2,
      cell: ({ words }) => ratedCell(words.coupling),
    },
    { id: 'broker', title: 'Depends on the broker', align: 'left', priority: 3, cell: brokerCell },
    {
      id: 'complexity',
      title: 'Complexity (our rating)',
      align: 'left',
      priority: 6,
      cell: ({ words }) => complexityCell(words.complexity),
    },
    { id: 'cpu', title: 'CPU per request', priority: 4, cell: (one) => cpuCell(result, one) },
    { id: 'bytes', title: 'Bytes per request', priority: 7, cell: (one) => bytesCell(result, one) },
    { id: 'valid', title: 'Valid', priority: 5, cell: ({ pattern }) => validCell(timedTrials(pattern)) },
  ];
}

function responseCell({ pattern }: RatedPattern): Cell {
  const cell = percentileCell(pattern, 'response', 0.5);
  return cell.value === null ? cell : { ...cell, below: `until ${pattern.waitsFor}` };
}

const TONES: Readonly<Record<ClaimVerdict, Cell['tone']>> = {
  supported: 'good',
  contradicted: 'bad',
  inconclusive: 'weak',
};
const WORDS: Readonly<Record<ClaimVerdict, string>> = {
  supported: 'confirmed',
  contradicted: 'contradicted',
  inconclusive: 'inconclusive',
};

/** `low → high`, below it what came of it: `contradicted 1.66×`. */
function ratedCell(rating: WordRating): Cell {
  const { verdict, figure } = rating;
  const isDecided = verdict === 'supported' || verdict === 'contradicted';
  const ratio = isDecided && figure?.code === 'ratio' ? formatRatio(figure.interval.ratio) : undefined;
  return textCell(claimedText(rating), {
    below: [verdict === null ? 'reference' : WORDS[verdict], ratio].filter(Boolean).join(' '),
    tone: verdict === null ? 'plain' : TONES[verdict],
  });
}

/** An arrow only where something else was measured than is claimed. */
function claimedText(rating: WordRating): string {
  const measured = foundTexts(rating);
  const isSame = measured.every((word) => word === rating.claimed);
  return isSame ? rating.claimed : `${rating.claimed} → ${measured.join(', ')}`;
}

/** A list written by hand: not measured, so neither confirmed nor contradicted. */
function complexityCell(rating: WordRating): Cell {
  const { measured, figure } = rating;
  if (measured.length === 0) return EMPTY_CELL;
  return textCell(claimedText(rating), { below: figure && figureText(figure) });
}

/** Tight coupling to the broker: nothing goes while it is down. */
function brokerCell({ pattern }: RatedPattern): Cell {
  if (pattern.trials.brokerOutage.length === 0) return EMPTY_CELL;
  const found = foundCoupling(pattern, 'brokerOutage');
  if (found.state === 'unknown') return textCell('inconclusive', { tone: 'weak' });
  const words = { tight: 'yes', partial: 'partly', loose: 'no' } as const;
  return textCell(words[found.coupling.verdict]);
}

function cpuCell(result: Result, { pattern }: RatedPattern): Cell {
  const us = pattern.trials.latency.length === 0 ? undefined : wholeCpuUs(result, pattern);
  return us === undefined ? EMPTY_CELL : textCell(formatCpuUs(us), { value: us, unit: 'cpu-us' });
}

function bytesCell(result: Result, { pattern }: RatedPattern): Cell {
  const bytes = pattern.trials.wireBytes.length === 0 ? undefined : wholeBytes(result, pattern);
  return bytes === undefined ? EMPTY_CELL : textCell(formatBytes(bytes), { value: bytes, unit: 'bytes' });
}
