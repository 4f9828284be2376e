import { plural } from './format.ts';
import { THRESHOLD_FIGURES } from '../scenario/schema/threshold-figures.ts';
import { foundText, thresholdNoteText } from './reasons/threshold-text.ts';
import { figureColumn, tableOf, textColumn } from './table.ts';
import { type Cell, type Check, EMPTY_CELL, type Section, textCell } from './view.ts';
import type { Analysis } from '../analysis/analysis.ts';
import type { ThresholdResult } from '../analysis/thresholds/evaluate.ts';

const VERDICTS = {
  met: { word: 'met', mark: '✓', tone: 'good', check: 'passed' },
  missed: { word: 'missed', mark: '✗', tone: 'bad', check: 'failed' },
  unknown: { word: 'not evaluated', mark: '?', tone: 'weak', check: 'skipped' },
} as const;

const TRIALS = { fault: 'with fault', control: 'control' } as const;

/** The rule as a sentence, printed with every report that has thresholds. */
export const THRESHOLD_RULE =
  'thresholds: evaluated on all rounds together; percentiles over all planned calls (an unanswered call counts as slower than any), where samples allow; a limit that is kept in spite of noise or a late generator is met, one that is missed by errors alone is missed, otherwise trials that are not valid are excluded; lost and other ledger figures of any complete trial except no-op baselines; in a scenario with faults, times, rates and failures of the trials with faults, unless `control:` asks for the others';

/** Each threshold of the scenario on each pattern, and whether it is met. */
export function thresholdsSection(results: readonly ThresholdResult[]): Section {
  const label = (id: string, title: string, textOf: (one: ThresholdResult) => string | null) => {
    const cell = (one: ThresholdResult) => textCell(textOf(one) ?? '');
    return textColumn(id, title, cell, { isLabel: true, isOptional: true });
  };
  return tableOf(
    {
      id: 'thresholds',
      title: 'Thresholds',
      nameOf: ({ pattern: { id, title } }) => ({ pattern: id, title }),
      columns: [
        label('variant', 'Variant', ({ variant }) => variant),
        label('case', 'Case', (one) => one.case),
        label('trials', 'Trials', ({ which }) => which && TRIALS[which]),
        label('threshold', 'Threshold', ({ threshold }) => threshold.text),
        textColumn('verdict', 'Verdict', verdictCell),
        figureColumn('found', 'Measured', foundCell),
      ],
    },
    results,
  );
}

function verdictCell(one: ThresholdResult): Cell {
  const { word, tone } = VERDICTS[one.state];
  return textCell(word, { tone, below: thresholdNoteText(one) });
}

function foundCell({ found }: ThresholdResult): Cell {
  return found ? textCell(foundText(found), { value: found.value, unit: found.unit }) : EMPTY_CELL;
}

type Thresholds = Pick<Analysis, 'thresholds' | 'thresholdsOutside'>;

const OUTSIDE = 'not judged: not part of this run';

/** `Thresholds: 1 missed, 2 met, 1 not evaluated.` */
export function thresholdSentence({ thresholds, thresholdsOutside }: Thresholds): string[] {
  if (thresholds.length + thresholdsOutside.length === 0) return [];
  const parts = ORDER.flatMap((state) => {
    const count = thresholds.filter((one) => one.state === state).length;
    return count > 0 || state === 'missed' ? [`${count} ${VERDICTS[state].word}`] : [];
  });
  const others = thresholdsOutside.length > 0 ? [`${thresholdsOutside.length} not part of this run`] : [];
  return [`Thresholds: ${[...parts, ...others].join(', ')}.`];
}

/** On a screen so many are shown. */
const MOST_SHOWN = 4;
const ORDER = ['missed', 'unknown', 'met'] as const;

/** `✗ REST: response p99 < 20ms: 31.2 ms`, the missed ones first. */
export function thresholdNotes({ thresholds, thresholdsOutside }: Thresholds): string[] {
  const sorted = ORDER.flatMap((state) => thresholds.filter((one) => one.state === state)).map(thresholdNote);
  const notes = [...sorted, ...thresholdsOutside.map(({ text }) => `– ${text}: ${OUTSIDE}`)];
  const rest = notes.length - MOST_SHOWN;
  const more = rest > 0 ? [`  and ${plural(rest, 'more threshold')}`] : [];
  return [...notes.slice(0, MOST_SHOWN), ...more];
}

function thresholdNote(one: ThresholdResult): string {
  const figure = one.found === null ? 'no figure' : foundText(one.found);
  return `${VERDICTS[one.state].mark} ${nameOf(one)}: ${one.threshold.text}: ${figure}${whyOf(one)}`;
}

function whyOf(one: ThresholdResult): string {
  const note = thresholdNoteText(one);
  return note === null ? '' : ` (${note})`;
}

function nameOf({ pattern, variant, case: of, which }: ThresholdResult): string {
  return [pattern.title, variant, of, which && TRIALS[which]].filter((part) => part !== null).join(', ');
}

/** For programs: one for each threshold that says nothing of this run. */
export function outsideChecks({ thresholdsOutside }: Thresholds): Check[] {
  return thresholdsOutside.map(({ text }) => {
    return { suite: 'Not run', name: text, state: 'skipped', verdict: 'not judged', text: OUTSIDE };
  });
}

/** For programs: one for each threshold on each pattern. */
export function thresholdChecks(results: readonly ThresholdResult[]): Check[] {
  return results.map((one) => {
    const { word, check } = VERDICTS[one.state];
    const { figure, text } = one.threshold;
    const found = one.found
      ? `${figure} ${foundText(one.found)}`
      : `${figure}: ${THRESHOLD_FIGURES[figure].title}`;
    return {
      suite: nameOf(one),
      name: text,
      state: check,
      verdict: word,
      text: `${word}: ${found}${whyOf(one)}`,
    };
  });
}
