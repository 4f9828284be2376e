import type { FigureUnit } from '../../analysis/finding.ts';
import { countCell, figureCell, ratioCell } from '../cells.ts';
import {
  type Comparison,
  type Described,
  isShareGate,
  type PrimaryGate,
  type Invariant,
  type PatternComparison,
} from '../../analysis/compare/comparison.ts';
import {
  gateIntervalText,
  isConclusive,
  patternNameOf,
  ofText,
  VERDICT_WORDS,
  isOfShares,
  marginText,
} from './comparison-finding.ts';
import { figureColumn, type RowName, type TableColumn, tableOf, textColumn } from '../table.ts';
import {
  differenceText,
  sideValuesText,
  excludedPairText,
  DESCRIBED_NAMES,
  ruleText,
} from './comparison-text.ts';
import type { Footnotes } from '../footnotes.ts';
import { formatCount, formatLimit } from '../format.ts';
import { type Cell, EMPTY_CELL, type Section, textCell } from '../view.ts';

const TONES = {
  improved: 'good',
  equivalent: 'good',
  regressed: 'bad',
  inconclusive: 'weak',
  'not-comparable': 'bad',
} as const;

/** A column that stands in a row's part, shown where there are variants or several figures of each. */
function label<Line>(id: string, title: string, textOf: (line: Line) => string): TableColumn<Line> {
  const cell = (line: Line) => textCell(textOf(line));
  return textColumn(id, title, cell, { isLabel: true, isOptional: true, priority: 1 });
}

const VARIANT = label<PatternComparison>('variant', 'Variant', ({ variant }) => variant ?? '');
const OPERATION = label<PatternComparison>('operation', 'Operation', ({ operation }) => operation ?? '');

function nameOf({ pattern, title }: PatternComparison): RowName {
  return { pattern, title };
}

/** The primary gate of each pattern, and its verdict. */
export function gatesTable(comparison: Comparison, notes: Footnotes): Section {
  const { patterns, how } = comparison;
  return tableOf<PatternComparison>(
    {
      id: 'gates',
      title: `Candidate over baseline, margin ${marginText(comparison)}`,
      nameOf,
      columns: [
        VARIANT,
        OPERATION,
        textColumn('verdict', 'Verdict', verdictCell, { priority: 1 }),
        textColumn('figure', 'Compared', ({ gate }) => (gate ? textCell(gate.figure) : EMPTY_CELL), {
          priority: 2,
        }),
        figureColumn(
          'ratio',
          isOfShares(patterns) ? 'Candidate − baseline' : 'Candidate / baseline',
          ({ gate }) => intervalCell(gate, notes),
          {
            priority: 1,
          },
        ),
        figureColumn(
          'used',
          `${how === 'unpaired' ? 'Rounds' : 'Pairs'} used`,
          (pattern) => usedCell(pattern, how, notes),
          { priority: 2 },
        ),
        textColumn('invariants', 'Correctness checks', ({ invariants }) => invariantsCell(invariants), {
          priority: 1,
        }),
        figureColumn('more', 'More pairs', ({ gate }) => moreCell(gate), { isOptional: true }),
        figureColumn('finds', 'Smallest change found', ({ gate }) => detectableCell(gate), {
          isOptional: true,
          priority: 4,
        }),
      ],
    },
    patterns,
  );
}

function detectableCell(gate: PrimaryGate | null): Cell {
  const detectable = gate?.detectable ?? null;
  return gate && isShareGate(gate) ? figureCell(detectable, 'points') : ratioCell(detectable);
}

function verdictCell({ verdict }: PatternComparison): Cell {
  return textCell(VERDICT_WORDS[verdict].toLowerCase(), { tone: TONES[verdict] });
}

function intervalCell(gate: PrimaryGate | null, notes: Footnotes): Cell {
  if (!gate) return EMPTY_CELL;
  const text = gateIntervalText(gate);
  if (!gate.interval || text === null) return textCell('no interval', { tone: 'weak' });
  const { low, high, level } = gate.interval;
  const found = isShareGate(gate)
    ? ({ value: gate.interval.difference, unit: 'points' } as const)
    : ({ value: gate.interval.ratio, unit: 'ratio' } as const);
  return textCell(text, {
    ...found,
    interval: { low, high, level },
    marks: [notes.mark(`Interval of ${formatLimit(Number(level.toFixed(5)))}.`)],
  });
}

function usedCell(pattern: PatternComparison, how: Comparison['how'], notes: Footnotes): Cell {
  if (!pattern.gate) return EMPTY_CELL;
  const { used, excluded } = pattern.gate;
  const value = Math.min(used.baseline, used.candidate);
  const text =
    how === 'unpaired' ? `${used.baseline} + ${used.candidate}` : `${value} of ${value + excluded.length}`;
  const why = excluded.map((one) => excludedPairText(one, how)).join('; ');
  const marks = why === '' ? [] : [notes.mark(`${patternNameOf(pattern)}, excluded: ${why}.`)];
  return countCell(value, { text, marks });
}

function invariantsCell(invariants: readonly Invariant[]): Cell {
  if (invariants.length === 0) return EMPTY_CELL;
  const named = (some: readonly Invariant[]) => some.map(({ name }) => name).join(', ');
  const broken = invariants.filter(({ isBroken }) => isBroken);
  if (broken.length > 0) return textCell(`failed: ${named(broken)}`, { tone: 'bad' });
  const open = invariants.filter((one) => !isConclusive(one));
  return open.length > 0
    ? textCell(`inconclusive: ${named(open)}`, { tone: 'weak' })
    : textCell('passed', { tone: 'good' });
}

function invariantCell(one: Invariant): Cell {
  if (one.isBroken) return textCell('failed', { tone: 'bad' });
  return isConclusive(one)
    ? textCell('passed', { tone: 'good' })
    : textCell('inconclusive', { tone: 'weak' });
}

function moreCell(gate: PrimaryGate | null): Cell {
  const more = gate?.morePairs ?? null;
  return figureCell(more, 'count', { text: `about ${formatCount(more ?? 0)}` });
}

/** One thing of a pattern. */
interface PatternLine<Of> {
  readonly pattern: PatternComparison;
  readonly one: Of;
}

function variantOf<Of>({ pattern: { variant } }: PatternLine<Of>): string {
  return variant ?? '';
}

function operationOf<Of>({ pattern: { operation } }: PatternLine<Of>): string {
  return operation ?? '';
}

export function invariantsTable({ patterns }: Comparison): Section {
  return tableOf<PatternLine<Invariant>>(
    {
      id: 'invariants',
      title: 'Correctness checks',
      nameOf: ({ pattern }) => nameOf(pattern),
      columns: [
        label('variant', 'Variant', variantOf),
        label('operation', 'Operation', operationOf),
        label('invariant', 'Invariant', ({ one }) => one.name),
        figureColumn('baseline', 'Baseline', ({ one }) => countedCell(one.baseline)),
        figureColumn('candidate', 'Candidate', ({ one }) => countedCell(one.candidate)),
        textColumn('verdict', 'Verdict', ({ one }) => invariantCell(one)),
        textColumn('rule', 'Rule', ({ one }) => textCell(ruleText(one.rule))),
      ],
    },
    patterns.flatMap((pattern) => pattern.invariants.map((one) => ({ pattern, one }))),
  );
}

function countedCell(counted: Invariant['baseline']): Cell {
  return countCell(counted.count, { text: ofText(counted) });
}

export function describedTable({ patterns }: Comparison): Section {
  return tableOf<PatternLine<Described>>(
    {
      id: 'described',
      title: 'For information only',
      isCompared: true,
      nameOf: ({ pattern }) => nameOf(pattern),
      columns: [
        label('variant', 'Variant', variantOf),
        label('operation', 'Operation', operationOf),
        label('figure', 'Figure', ({ one }) => DESCRIBED_NAMES[one.figure]),
        figureColumn('baseline', 'Baseline', ({ one }) => describedCell(one.baseline, one.unit)),
        figureColumn('candidate', 'Candidate', ({ one }) => describedCell(one.candidate, one.unit)),
        figureColumn('ratio', 'Ratio', ({ one: { baseline, candidate } }) =>
          ratioCell(baseline && candidate !== null ? candidate / baseline : null),
        ),
      ],
    },
    patterns.flatMap((pattern) => pattern.described.map((one) => ({ pattern, one }))),
  );
}

/** What the faults did to either side, and the difference by pairs. */
export function faultedTable({ patterns }: Comparison, notes: Footnotes): Section {
  return tableOf<PatternLine<Described>>(
    {
      id: 'faulted',
      title: 'Under the faults',
      nameOf: ({ pattern }) => nameOf(pattern),
      columns: [
        label('variant', 'Variant', variantOf),
        label('operation', 'Operation', operationOf),
        label('figure', 'Figure', ({ one }) => DESCRIBED_NAMES[one.figure]),
        figureColumn('baseline', 'Baseline', ({ one }) => describedCell(one.baseline, one.unit), {
          priority: 1,
        }),
        figureColumn('candidate', 'Candidate', ({ one }) => describedCell(one.candidate, one.unit), {
          priority: 1,
        }),
        textColumn('difference', 'Difference', ({ one }) => differenceCell(one, notes), { priority: 1 }),
      ],
    },
    patterns.flatMap((pattern) => pattern.faulted.map((one) => ({ pattern, one }))),
  );
}

function differenceCell({ difference, unit }: Described, notes: Footnotes): Cell {
  if (!difference) return EMPTY_CELL;
  const { mean, low, high, level, pairs } = difference;
  const [shownUnit, by] = UNITS[unit];
  const isShare = shownUnit === 'share';
  const note = `Mean over ${pairs} pairs, interval of ${formatLimit(level)}; for information, it decides nothing.`;
  return textCell(differenceText(difference, shownUnit), {
    value: mean * by,
    unit: isShare ? 'points' : shownUnit,
    interval: { low: low * by, high: high * by, level },
    marks: [notes.mark(note)],
  });
}

/** A cell's unit of a described figure, and the factor to it. */
const UNITS: Readonly<Record<Described['unit'], readonly [unit: FigureUnit, by: number]>> = {
  ms: ['us', 1000],
  us: ['cpu-us', 1],
  bytes: ['bytes', 1],
  share: ['share', 1],
  perS: ['per-s', 1],
  count: ['count', 1],
  factor: ['ratio', 1],
};

function describedCell(value: number | null, of: Described['unit']): Cell {
  const [unit, by] = UNITS[of];
  return figureCell(value === null ? null : value * by, unit);
}

export function differencesTable({ factors, confounders }: Comparison): Section {
  const declared = textCell('declared');
  const confounder = textCell('confounder', { tone: 'bad', below: 'should be the same' });
  const factor = textCell('factor', { below: 'meant' });
  const values = (side: 'baseline' | 'candidate', title: string) => {
    const cell = (one: Comparison['factors'][number]) => textCell(sideValuesText(one[side]));
    return textColumn(side, title, cell);
  };
  return tableOf<Comparison['factors'][number] & { readonly role: Cell }>(
    {
      id: 'differences',
      title: 'Differences between the sides',
      head: 'What',
      nameOf: ({ what }) => ({ pattern: what, title: what }),
      columns: [
        textColumn('role', 'Role', ({ role }) => role),
        values('baseline', 'Baseline'),
        values('candidate', 'Candidate'),
      ],
    },
    [
      ...confounders.map((one) => ({ ...one, role: one.isDeclared ? declared : confounder })),
      ...factors.map((one) => ({ ...one, role: factor })),
    ],
  );
}
