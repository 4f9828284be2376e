import { ratioCell } from '../cells.ts';
import type {
  Comparison,
  Described,
  PrimaryGate,
  Invariant,
  PatternComparison,
  ComparisonVerdict,
} from '../../analysis/compare/comparison.ts';
import { checksOf } from './comparison-checks.ts';
import {
  comparisonFindings,
  HOW,
  isConclusive,
  patternNameOf,
  ofText,
  undeclared,
  VERDICT_WORDS,
} from './comparison-finding.ts';
import { comparisonFound } from '../../analysis/findings/comparison.ts';
import { comparisonScreen } from '../screen/comparison-screen.ts';
import type { Report } from '../report.ts';
import { sideValuesText, excludedPairText, DESCRIBED_NAMES, ruleText } from './comparison-text.ts';
import { createFootnotes, type Footnotes } from '../footnotes.ts';
import {
  formatBytes,
  formatCount,
  formatCpuUs,
  formatInterval,
  formatLimit,
  formatRate,
  formatRatio,
  formatShare,
  formatUs,
} from '../format.ts';
import {
  type Cell,
  type Column,
  EMPTY_CELL,
  type Section,
  textCell,
  type Unit,
  type Warning,
} from '../view.ts';

const TONES = {
  improved: 'good',
  equivalent: 'good',
  regressed: 'bad',
  inconclusive: 'weak',
  'not-comparable': 'bad',
} as const;

/** Everything that is printed of a comparison, whatever the format; the verdict first. */
export function comparisonView(comparison: Comparison, file: string | null = null): Report {
  const notes = createFootnotes();
  const sections = [
    gatesSection(comparison, notes),
    invariantsSection(comparison),
    describedSection(comparison),
    differencesSection(comparison),
  ].filter(({ rows }) => rows.length > 0);
  const warnings = warningsOf(comparison);
  const found = comparisonFound(comparison);
  return {
    findings: comparisonFindings(comparison),
    found,
    screen: comparisonScreen(comparison, found, warnings),
    tables: sections,
    charts: [],
    caveats: { warnings, footnotes: notes.all() },
    meta: {
      title: `${comparison.candidate.title} against ${comparison.baseline.title}`,
      about: aboutOf(comparison),
      file,
      explanations: [],
      howToRead: howToRead(comparison),
      fairness: [],
      rules: rulesOf(comparison),
      checks: checksOf(comparison),
      isBrief: true,
    },
  };
}

function verdictCell(verdict: ComparisonVerdict, more: Partial<Cell> = {}): Cell {
  return textCell(VERDICT_WORDS[verdict].toLowerCase(), { tone: TONES[verdict], ...more });
}

const VARIANT: Column = { id: 'variant', title: 'Variant', align: 'left', isLabel: true };

/** Tells rows of one pattern apart, where there are variants or several figures of each. */
function labelled(patterns: readonly PatternComparison[]) {
  const hasVariants = patterns.some(({ variant }) => variant !== null);
  return {
    columns: hasVariants ? [VARIANT] : [],
    cells: ({ variant }: PatternComparison) => (hasVariants ? [textCell(variant ?? '')] : []),
    part: ({ variant }: PatternComparison, what?: string) =>
      [variant, what].filter((one) => one !== null && one !== undefined).join(', ') || null,
  };
}

/** What was judged of each row, and what came of it. */
function gatesSection(comparison: Comparison, notes: Footnotes): Section {
  const { patterns, how, margin } = comparison;
  const label = labelled(patterns);
  const some = (pick: (gate: PrimaryGate) => number | null) =>
    patterns.some(({ gate }) => gate && pick(gate) !== null);
  const has = { more: some((gate) => gate.morePairs), finds: some((gate) => gate.detectable) };
  const right = (id: string, title: string): Column => ({ id, title, align: 'right' });
  return {
    id: 'gates',
    title: `Candidate over baseline, margin ±${formatLimit(margin)}`,
    columns: [
      ...label.columns,
      { id: 'verdict', title: 'Verdict', align: 'left' },
      { id: 'figure', title: 'By', align: 'left' },
      right('ratio', 'Ratio'),
      right('used', how === 'unpaired' ? 'Rounds' : 'Pairs'),
      { id: 'invariants', title: 'Invariants', align: 'left' },
      ...(has.more ? [right('more', 'More pairs')] : []),
      ...(has.finds ? [right('finds', 'Finds from')] : []),
    ],
    rows: patterns.map((pattern) => ({
      pattern: pattern.pattern,
      title: pattern.title,
      part: label.part(pattern),
      cells: [
        ...label.cells(pattern),
        verdictCell(pattern.verdict),
        pattern.gate ? textCell(pattern.gate.figure) : EMPTY_CELL,
        intervalCell(pattern.gate, notes),
        usedCell(pattern.gate, how, { name: patternNameOf(pattern), notes }),
        invariantsCell(pattern.invariants),
        ...(has.more ? [moreCell(pattern.gate)] : []),
        ...(has.finds ? [ratioCell(pattern.gate?.detectable ?? null)] : []),
      ],
    })),
  };
}

function intervalCell(gate: PrimaryGate | null, notes: Footnotes): Cell {
  if (!gate) return EMPTY_CELL;
  if (!gate.interval) return textCell('too few', { tone: 'weak' });
  const { ratio, level } = gate.interval;
  const range = /\[(.*)\]/.exec(formatInterval(gate.interval))![1]!;
  const mark = notes.mark(`Interval of ${formatLimit(Number(level.toFixed(5)))}.`);
  return textCell(formatRatio(ratio), { value: ratio, unit: 'ratio', below: range, marks: [mark] });
}

function usedCell(
  gate: PrimaryGate | null,
  how: Comparison['how'],
  { name, notes }: { readonly name: string; readonly notes: Footnotes },
): Cell {
  if (!gate) return EMPTY_CELL;
  const { used, excluded } = gate;
  const value = Math.min(used.baseline, used.candidate);
  const text = how === 'unpaired' ? `${used.baseline} + ${used.candidate}` : formatCount(value);
  const texts = excluded.map((one) => excludedPairText(one, how));
  const out = texts.length === 0 ? {} : excludedOf(texts, name, notes);
  return textCell(text, { value, unit: 'count', ...out });
}

function excludedOf(excluded: readonly string[], name: string, notes: Footnotes): Partial<Cell> {
  const mark = notes.mark(`${name}, excluded: ${excluded.join('; ')}.`);
  return { below: `${formatCount(excluded.length)} excluded`, marks: [mark] };
}

function invariantsCell(invariants: readonly Invariant[]): Cell {
  const broken = invariants.filter(({ isBroken }) => isBroken);
  if (invariants.length === 0) return EMPTY_CELL;
  const open = invariants.filter((one) => !isConclusive(one));
  if (broken.length === 0 && open.length === 0) return textCell('held', { tone: 'good' });
  if (broken.length === 0) {
    return textCell(`${open.map(({ name }) => name).join(', ')}: inconclusive`, { tone: 'weak' });
  }
  return textCell(`${broken.map(({ name }) => name).join(', ')}: broken`, { tone: 'bad' });
}

function invariantCell(one: Invariant): Cell {
  if (one.isBroken) return textCell('broken', { tone: 'bad' });
  return isConclusive(one) ? textCell('held', { tone: 'good' }) : textCell('inconclusive', { tone: 'weak' });
}

function moreCell(gate: PrimaryGate | null): Cell {
  const more = gate?.morePairs ?? null;
  return more === null ? EMPTY_CELL : textCell(`about ${formatCount(more)}`, { value: more, unit: 'count' });
}

function invariantsSection({ patterns }: Comparison): Section {
  const label = labelled(patterns);
  return {
    id: 'invariants',
    title: 'Correctness checks',
    columns: [
      ...label.columns,
      { id: 'invariant', title: 'Invariant', align: 'left', isLabel: true },
      { id: 'baseline', title: 'Baseline', align: 'right' },
      { id: 'candidate', title: 'Candidate', align: 'right' },
      { id: 'verdict', title: 'Verdict', align: 'left' },
      { id: 'rule', title: 'Rule', align: 'left' },
    ],
    rows: patterns.flatMap((pattern) =>
      pattern.invariants.map((one) => ({
        pattern: pattern.pattern,
        title: pattern.title,
        part: label.part(pattern, one.name),
        cells: [
          ...label.cells(pattern),
          textCell(one.name),
          textCell(ofText(one.baseline), { value: one.baseline.count, unit: 'count' }),
          textCell(ofText(one.candidate), { value: one.candidate.count, unit: 'count' }),
          invariantCell(one),
          textCell(ruleText(one.rule)),
        ],
      })),
    ),
  };
}

function describedSection({ patterns }: Comparison): Section {
  const label = labelled(patterns);
  return {
    id: 'described',
    title: 'For information only',
    isCompared: true,
    columns: [
      ...label.columns,
      { id: 'figure', title: 'Figure', align: 'left', isLabel: true },
      { id: 'baseline', title: 'Baseline', align: 'right' },
      { id: 'candidate', title: 'Candidate', align: 'right' },
      { id: 'ratio', title: 'Ratio', align: 'right' },
    ],
    rows: patterns.flatMap((pattern) =>
      pattern.described.map((one) => ({
        pattern: pattern.pattern,
        title: pattern.title,
        part: label.part(pattern, DESCRIBED_NAMES[one.figure]),
        cells: [
          ...label.cells(pattern),
          textCell(DESCRIBED_NAMES[one.figure]),
          figureCell(one.baseline, one.unit),
          figureCell(one.candidate, one.unit),
          one.baseline && one.candidate !== null ? ratioCell(one.candidate / one.baseline) : EMPTY_CELL,
        ],
      })),
    ),
  };
}

/** How a described figure is written, and in which of a cell's units. */
const FIGURES: Readonly<
  Record<
    Described['unit'],
    { readonly unit: Unit; readonly by: number; readonly format: (n: number) => string }
  >
> = {
  ms: { unit: 'us', by: 1000, format: formatUs },
  us: { unit: 'cpu-us', by: 1, format: formatCpuUs },
  bytes: { unit: 'bytes', by: 1, format: formatBytes },
  share: { unit: 'share', by: 1, format: formatShare },
  perS: { unit: 'per-s', by: 1, format: formatRate },
  count: { unit: 'count', by: 1, format: formatCount },
};

function figureCell(value: number | null, unit: Described['unit']): Cell {
  if (value === null) return EMPTY_CELL;
  const { unit: own, by, format } = FIGURES[unit];
  return textCell(format(value * by), { value: value * by, unit: own });
}

function differencesSection({ factors, confounders }: Comparison): Section {
  const all = [
    ...confounders.map((one) => ({
      ...one,
      role: one.isDeclared
        ? textCell('declared')
        : textCell('confounder', { tone: 'bad', below: 'should be the same' }),
    })),
    ...factors.map((one) => ({ ...one, role: textCell('factor', { below: 'meant' }) })),
  ];
  return {
    id: 'differences',
    title: 'Differences between the sides',
    head: 'What',
    columns: [
      { id: 'role', title: 'Limited by', align: 'left' },
      { id: 'baseline', title: 'Baseline', align: 'left' },
      { id: 'candidate', title: 'Candidate', align: 'left' },
    ],
    rows: all.map(({ what, baseline, candidate, role }) => ({
      pattern: what,
      title: what,
      part: null,
      cells: [role, textCell(sideValuesText(baseline)), textCell(sideValuesText(candidate))],
    })),
  };
}

function aboutOf({ how, baseline, candidate }: Comparison): string[] {
  const side = (name: string, { title, files }: Comparison['baseline']) =>
    `${name}: ${title} (${files.join(', ')})`;
  return [side('Baseline', baseline), side('Candidate', candidate), `How: ${HOW[how]}`];
}

function warningsOf(comparison: Comparison): Warning[] {
  const blocked = undeclared(comparison).map(({ what, baseline, candidate }) => ({
    code: 'confounder',
    text: `${what} differs: ${sideValuesText(baseline)} of the baseline, ${sideValuesText(candidate)} of the candidate.`,
    hint: `Measure both under the same, or say that it is meant: \`--declare "${what}"\`.`,
  }));
  const isOpen = comparison.patterns.some(({ gate }) => gate?.verdict === 'inconclusive');
  if (comparison.how !== 'unpaired' || !isOpen) return blocked;
  const apart = {
    code: 'not-interleaved',
    text: 'The two sides were measured one after the other: the machine itself may have changed in between.',
    hint: '`commbench ab SCENARIO --a … --b …` measures them in turns, which tells far smaller changes.',
  };
  return [...blocked, apart];
}

function howToRead({ how, patterns }: Comparison): string[] {
  const unit = how === 'unpaired' ? 'round' : 'pair';
  return [
    `The unit is the ${unit}, not the request: a ratio of medians per ${unit}, and an interval over them. 1.21× is 21 % more time.`,
    'One figure of each pattern decides: the response time where the service replies, the completion time behind a broker. The invariants are exact. All other figures are for information only: one in twenty changes by chance.',
    ...(patterns.some(({ gate }) => gate !== null && gate.detectable !== null)
      ? [
          'Detects from: the smallest true change that this many pairs would have found in 8 of 10 such comparisons.',
        ]
      : []),
  ];
}

function rulesOf({ margin }: Comparison): string[] {
  const limit = `±${formatLimit(margin)}`;
  return [
    `regressed, improved: the whole interval lies beyond ${limit}; a broken invariant is regressed, whatever the times`,
    `equivalent: the whole interval lies within ${limit}`,
    'inconclusive: neither',
    'not comparable: something differs that should be the same, and was not declared',
    'lost, more than once: none beyond the guarantee; failures: one-sided exact test, p < 0.01, valid rounds only',
  ];
}
