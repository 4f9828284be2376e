import type { Comparison, PatternComparison, ComparisonVerdict } from '../../analysis/compare/comparison.ts';
import type { Finding } from '../../analysis/finding.ts';
import { ratioCell } from '../cells.ts';
import { excludedPairText } from '../comparison/comparison-text.ts';
import { formatInterval, formatLimit, plural } from '../format.ts';
import { type Cell, EMPTY_CELL, type Section, textCell, type Warning } from '../view.ts';
import type { Screen } from './screen.ts';
import { type ScreenColumn, screenTable } from './screen-table.ts';
import { OPTIONS } from './more.ts';
import { screenWarnings } from './warnings.ts';
import { comparisonWords } from './words/comparison.ts';

/** The screen of a comparison: a line for each pattern, and the verdict last. */
export function comparisonScreen(
  comparison: Comparison,
  found: readonly Finding[],
  warnings: readonly Warning[],
): Screen {
  const { baseline, candidate, margin, how, patterns } = comparison;
  return {
    run: `${candidate.title} against ${baseline.title}: ${HOW[how]}, margin ±${formatLimit(margin)}`,
    tables: patterns.length === 0 ? [] : [comparisonTable(comparison)],
    chart: null,
    notes: [],
    warnings: screenWarnings(warnings),
    findings: comparisonWords(comparison, found),
    scope: null,
    validity: discardedText(comparison),
    more: moreText(comparison),
  };
}

const HOW: Readonly<Record<Comparison['how'], string>> = {
  paired: 'interleaved pairs',
  switchback: 'switchback pairs',
  unpaired: 'two separate runs',
};

function comparisonTable(comparison: Comparison): Section {
  const hasVariants = comparison.patterns.some(({ variant }) => variant !== null);
  return screenTable(
    {
      id: 'comparison',
      title: '',
      head: 'Pattern',
      columns: columnsOf(comparison),
      nameOf: ({ pattern, title, variant }) => ({
        pattern,
        title: hasVariants && variant !== null ? `${title}, ${variant}` : title,
      }),
    },
    comparison.patterns,
  );
}

function columnsOf({ how }: Comparison): ScreenColumn<PatternComparison>[] {
  const unit = how === 'unpaired' ? 'Rounds' : 'Pairs';
  return [
    { id: 'verdict', title: 'Verdict', align: 'left', priority: 1, cell: verdictCell },
    {
      id: 'figure',
      title: 'Compared',
      align: 'left',
      priority: 2,
      cell: ({ gate }) => (gate ? textCell(gate.figure) : EMPTY_CELL),
    },
    { id: 'ratio', title: 'Candidate / baseline', priority: 1, cell: gateCell },
    { id: 'used', title: `${unit} used`, priority: 2, cell: (pattern) => usedCell(pattern, how) },
    { id: 'correctness', title: 'Correctness checks', align: 'left', priority: 1, cell: correctnessCell },
    {
      id: 'finds',
      title: 'Smallest change found',
      priority: 4,
      cell: ({ gate }) => ratioCell(gate?.detectable ?? null),
    },
  ];
}

const TONES = {
  improved: 'good',
  equivalent: 'good',
  regressed: 'bad',
  inconclusive: 'weak',
  'not-comparable': 'bad',
} as const satisfies Record<ComparisonVerdict, Cell['tone']>;

function verdictCell({ verdict }: PatternComparison): Cell {
  return textCell(verdict.replace('-', ' '), { tone: TONES[verdict] });
}

function gateCell({ gate }: PatternComparison): Cell {
  if (!gate) return EMPTY_CELL;
  if (!gate.interval) return textCell('no interval', { tone: 'weak' });
  const { ratio, low, high, level } = gate.interval;
  return textCell(formatInterval(gate.interval), {
    value: ratio,
    unit: 'ratio',
    interval: { low, high, level },
  });
}

function usedCell({ gate }: PatternComparison, how: Comparison['how']): Cell {
  if (!gate) return EMPTY_CELL;
  const { baseline, candidate } = gate.used;
  const used = Math.min(baseline, candidate);
  if (how === 'unpaired') return textCell(`${baseline} + ${candidate}`, { value: used, unit: 'count' });
  return textCell(`${used} of ${used + gate.excluded.length}`, { value: used, unit: 'count' });
}

function correctnessCell({ invariants }: PatternComparison): Cell {
  if (invariants.length === 0) return EMPTY_CELL;
  const broken = invariants.filter(({ isBroken }) => isBroken).map(({ name }) => name);
  return broken.length > 0
    ? textCell(`failed: ${broken.join(', ')}`, { tone: 'bad' })
    : textCell('passed', { tone: 'good' });
}

/** `2 pairs discarded: round 3: generator-bound`. */
function discardedText({ patterns, how }: Comparison): string | null {
  const out = patterns.flatMap(({ gate }) => gate?.excluded ?? []);
  const [first] = out;
  if (first === undefined) return null;
  const what = how === 'unpaired' ? 'round' : 'pair';
  return `${plural(out.length, what)} discarded; the first: ${excludedPairText(first, how)}`;
}

/** Both arms of an `ab` are in one file. */
function moreText({ baseline, candidate }: Comparison): string | null {
  const named = [...baseline.files, ...candidate.files].map((file) => file.replace(/#[ab]$/, ''));
  const files = [...new Set(named)];
  return files.length <= 2 ? `commbench compare ${files.join(' ')} ${OPTIONS}` : null;
}
