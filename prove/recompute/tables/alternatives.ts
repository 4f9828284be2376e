import { cell, percentileCell, validCount } from '../figures/cells.ts';
import { ratiosBeside } from '../figures/drift.ts';
import { isOnlyFaults } from '../figures/faults.ts';
import { besideIn, doneTrials, type PatternLine, patternLines } from '../figures/patterns.ts';
import { claimedOf, levelsIn, overReference } from '../figures/ratings.ts';
import type { Interval } from '../figures/student.ts';
import type { StoredRecord } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell, type TableRule, tableRule } from '../rule.ts';

type By = 'library' | 'settings';

/** A form of a pattern, with all forms of it. */
interface FormLine {
  readonly line: PatternLine;
  /** Null: the one that the others are alternatives to. */
  readonly by: By | null;
  readonly interval: Interval | undefined;
  /** Those that are possible. */
  readonly levels: readonly string[];
  readonly family: () => readonly FormLine[];
}

const LEVELS = ['low', 'medium', 'high'];

export const rules: readonly TableRule[] = [
  tableRule<FormLine>({
    of: ['run'],
    heading: /^Library or pattern: the latency word of each form$/,
    lines: (record) => (isOnlyFaults(record) ? [] : formLines(record)),
    name: ({ line }) => line.pattern.title,
    columns: (record) => ({
      'Client library': ({ line }) => line.pattern.client,
      'Completion p50': ({ line }) => cell(percentileCell(line, 'completion', 0.5).text),
      [`Beside ${titleOf(record, record.scenario.reference)}`]: besideCell,
      Word: wordCell,
      'Word holds?': holdsCell,
      Valid: ({ line }) => validCount(doneTrials(line, 'latency')),
    }),
  }),
];

function titleOf({ patterns }: StoredRecord, of: string | null | undefined): string {
  return patterns.find(({ id }) => id === of)?.title ?? '';
}

/** Each pattern that has alternatives, followed by these. */
export function formLines(record: StoredRecord): FormLine[] {
  const all = patternLines(record);
  return all.flatMap((main) => {
    const others = all.flatMap((line) => {
      const alternative = alternativeOf(line);
      return alternative?.to === main.pattern.id ? [{ line, by: alternative.by }] : [];
    });
    if (others.length === 0) return [];
    const family: FormLine[] = [{ line: main, by: null }, ...others].map(({ line, by }) => {
      const isFixed = isReference({ line });
      const interval = isFixed ? undefined : overReference(line);
      const levels = isFixed ? ['medium'] : interval ? levelsIn(interval) : LEVELS;
      return { line, by, interval, levels, family: () => family };
    });
    return family;
  });
}

function alternativeOf({ record, pattern }: PatternLine) {
  return record.scenario.patterns.find(({ id }) => id === pattern.id)?.alternative ?? null;
}

function isReference({ line: { record, pattern } }: Pick<FormLine, 'line'>): boolean {
  return pattern.id === record.scenario.reference;
}

function besideCell(form: FormLine): OwnCell | string {
  if (isReference(form)) return 'reference';
  if (form.interval) return write.ratioInterval(form.interval);
  const { record, pattern } = form.line;
  const reference = besideIn(form.line, record.scenario.reference);
  if (!reference) return 'the reference pattern is missing';
  if (pattern.state === 'not-run') return 'it was not run';
  return `${ratiosBeside(form.line, reference, 'completion').length} of 2 rounds`;
}

/** The claim is of the first form. */
function wordCell(form: FormLine): OwnCell | string {
  if (!isReference(form) && !form.interval) return NOTHING;
  if (form.levels.length === LEVELS.length) return 'any';
  const found = form.levels.join(' or ');
  const claimed = claimedOf(form.family()[0]!.line)?.latency;
  const isLevel = claimed !== undefined && LEVELS.includes(claimed);
  return isLevel && claimed !== found ? `${claimed} → ${found}` : found;
}

/** On libraries beside the first form, on settings beside each of those. */
function holdsCell({ by, family }: FormLine): OwnCell | string {
  if (by === 'library') return NOTHING;
  const kind = by ?? 'library';
  const compared = family().filter((form) => form.by === null || form.by === kind);
  if (compared.length < 2) return NOTHING;
  const isApart = compared.some((one) =>
    compared.some((other) => one.levels.every((level) => !other.levels.includes(level))),
  );
  if (isApart) return `depends on ${kind}`;
  const word = compared.every(({ levels }) => levels.length === 1) ? 'holds' : 'inconclusive';
  return by === null ? word : `${word} (settings)`;
}
