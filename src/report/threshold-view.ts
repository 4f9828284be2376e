import { THRESHOLD_FIGURES } from '../scenario/schema/threshold.ts';
import { plural } from './format.ts';
import { foundText, thresholdNoteText } from './reasons/threshold-text.ts';
import { type Cell, type Check, type Column, EMPTY_CELL, type Section, textCell } from './view.ts';
import type { ThresholdResult } from '../analysis/thresholds/evaluate.ts';

const VERDICTS = {
  met: { word: 'met', tone: 'good', check: 'passed' },
  missed: { word: 'missed', tone: 'bad', check: 'failed' },
  unknown: { word: 'inconclusive', tone: 'weak', check: 'skipped' },
} as const;

/** The rule as a sentence, printed with every report that has thresholds. */
export const THRESHOLD_RULE =
  'thresholds: evaluated on valid trials only, all rounds together; percentiles over all planned calls (an unanswered call counts as slower than any), where rule and samples allow; times, rates and failures of trials without a fault, unless a case is named; lost and other ledger figures of every trial except no-op baselines';

/** What the scenario asked for, and what came of it; empty where it asked for nothing. */
export function thresholdsSection(results: readonly ThresholdResult[]): Section[] {
  if (results.length === 0) return [];
  const labels = (
    [
      ['variant', 'Variant'],
      ['case', 'Case'],
    ] as const
  ).filter(([key]) => results.some((one) => one[key] !== null));
  const left = (id: string, title: string): Column => ({ id, title, align: 'left' });
  return [
    {
      id: 'thresholds',
      title: 'Thresholds',
      columns: [
        ...labels.map(([id, title]): Column => ({ ...left(id, title), isLabel: true })),
        { ...left('threshold', 'Threshold'), isLabel: true },
        left('verdict', 'Verdict'),
        { id: 'found', title: 'Measured', align: 'right' },
      ],
      rows: results.map((one) => ({
        pattern: one.pattern.id,
        title: one.pattern.title,
        part: [...labels.map(([key]) => one[key]), one.threshold.text]
          .filter((part) => part !== null)
          .join(', '),
        cells: [
          ...labels.map(([key]) => textCell(one[key] ?? '')),
          textCell(one.threshold.text),
          verdictCell(one),
          foundCell(one),
        ],
      })),
    },
  ];
}

function verdictCell(one: ThresholdResult): Cell {
  const { word, tone } = VERDICTS[one.state];
  return textCell(word, { tone, below: thresholdNoteText(one) });
}

function foundCell({ found }: ThresholdResult): Cell {
  return found ? textCell(foundText(found), { value: found.value, unit: found.unit }) : EMPTY_CELL;
}

/** So many are named in a sentence; the table has them all. */
const MOST_NAMED = 3;

/** `1 of 4 thresholds missed: REST response p99 31.2 ms (response p99 < 20ms). ...`. */
export function thresholdFindings(results: readonly ThresholdResult[]): string[] {
  if (results.length === 0) return [];
  const [missed, unknown] = (['missed', 'unknown'] as const).map((state) =>
    results.filter((one) => one.state === state),
  ) as [ThresholdResult[], ThresholdResult[]];
  const open = unknown.length > 0 ? ` ${unknown.length} inconclusive.` : '';
  if (missed.length > 0) {
    const more = missed.length > MOST_NAMED ? [`and ${missed.length - MOST_NAMED} more`] : [];
    const named = [...missed.slice(0, MOST_NAMED).map(missedText), ...more].join('; ');
    return [`${missed.length} of ${plural(results.length, 'threshold')} missed: ${named}.${open}`];
  }
  const met = results.length - unknown.length;
  return [`${met} of ${plural(results.length, 'threshold')} met.${open}`];
}

function missedText(one: ThresholdResult): string {
  return `${nameOf(one)} ${one.threshold.figure} ${one.found ? foundText(one.found) : ''} (${one.threshold.text})`;
}

function nameOf({ pattern, variant, case: of }: ThresholdResult): string {
  return [pattern.title, variant, of].filter((part) => part !== null).join(', ');
}

/** For programs: one for each threshold on each row. */
export function thresholdChecks(results: readonly ThresholdResult[]): Check[] {
  return results.map((one) => {
    const { word, check } = VERDICTS[one.state];
    const { figure, text } = one.threshold;
    const found = one.found
      ? `${figure} ${foundText(one.found)}`
      : `${figure}: ${THRESHOLD_FIGURES[figure].title}`;
    const note = thresholdNoteText(one);
    const why = note === null ? '' : ` (${note})`;
    return { suite: nameOf(one), name: text, state: check, verdict: word, text: `${word}: ${found}${why}` };
  });
}
