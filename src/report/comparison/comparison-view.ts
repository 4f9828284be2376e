import type { Comparison } from '../../analysis/compare/comparison.ts';
import { checksOf } from './comparison-checks.ts';
import { comparisonFindings, HOW, undeclared, isOfShares, marginText } from './comparison-finding.ts';
import { comparisonFound } from '../../analysis/findings/comparison.ts';
import { OPTIONS } from '../screen/more.ts';
import { BARE, type Screen } from '../screen/screen.ts';
import { validityText } from '../findings/validity.ts';
import { type ComparedResults, comparisonPictures } from '../pictures/comparison.ts';
import { filledTables } from '../table.ts';
import type { Report } from '../report.ts';
import { sideValuesText, excludedPairText } from './comparison-text.ts';
import { createFootnotes } from '../footnotes.ts';
import { brokerVersions } from '../setup-text.ts';
import { plural } from '../format.ts';
import type { Section, Warning } from '../view.ts';
import {
  describedTable,
  differencesTable,
  faultedTable,
  gatesTable,
  invariantsTable,
} from './comparison-tables.ts';

/**
 * Everything that is printed of a comparison, whatever the format; the verdict first.
 * @param results of both sides, for their curves
 */
export function comparisonView(
  comparison: Comparison,
  file: string | null = null,
  results?: ComparedResults,
): Report {
  const notes = createFootnotes();
  const gates = gatesTable(comparison, notes);
  const faulted = faultedTable(comparison, notes);
  return {
    findings: comparisonFindings(comparison),
    found: comparisonFound(comparison),
    screen: screenOf(comparison, [gates, faulted]),
    tables: filledTables([
      gates,
      faulted,
      invariantsTable(comparison),
      describedTable(comparison),
      differencesTable(comparison),
    ]),
    charts: [],
    pictures: comparisonPictures(comparison, results),
    caveats: { warnings: warningsOf(comparison), footnotes: notes.all() },
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

function screenOf(comparison: Comparison, tables: readonly Section[]): Screen {
  const { baseline, candidate, how, patterns } = comparison;
  const [shortly] = HOW[how].split(/[:,]/);
  const ends = [
    `margin ${marginText(comparison)}`,
    ...brokerVersions([...baseline.brokers, ...candidate.brokers]),
  ];
  return {
    ...BARE,
    run: `${candidate.title} against ${baseline.title}: ${shortly}, ${ends.join(', ')}`,
    tables: patterns.length === 0 ? [] : filledTables(tables),
    validity: validityLine(comparison),
    more: moreText(comparison),
  };
}

/** `22 of 24 trials valid; 2 on a noisy host (…); 1 pair discarded, the first: round 3: generator-bound`. */
function validityLine(comparison: Comparison): string | null {
  const { validity, how } = comparison;
  const parts = [
    validityText(validity, how === 'unpaired' ? UNPAIRED_NOISE : PAIRED_NOISE),
    discardedText(comparison),
  ];
  return parts.filter((part) => part !== null).join('; ') || null;
}

const PAIRED_NOISE = 'both sides met it: their ratios count';
const UNPAIRED_NOISE = 'not compared';

/** `2 pairs discarded, the first: round 3: generator-bound`. */
function discardedText({ patterns, how }: Comparison): string | null {
  const out = patterns.flatMap(({ gate }) => gate?.excluded ?? []);
  const [first] = out;
  if (first === undefined) return null;
  const what = how === 'unpaired' ? 'round' : 'pair';
  return `${plural(out.length, what)} discarded, the first: ${excludedPairText(first, how)}`;
}

/** Both arms of an `ab` are in one file. */
function moreText({ baseline, candidate }: Comparison): string | null {
  const named = [...baseline.files, ...candidate.files].map((file) => file.replace(/#[ab]$/, ''));
  const files = [...new Set(named)];
  return files.length <= 2 ? `commbench compare ${files.join(' ')} ${OPTIONS}` : null;
}

function aboutOf({ how, baseline, candidate }: Comparison): string[] {
  const side = (name: string, { title, files, brokers }: Comparison['baseline']) =>
    `${name}: ${[`${title} (${files.join(', ')})`, ...brokerVersions(brokers)].join('; ')}`;
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
    isOfShares(patterns)
      ? `The unit is the ${unit}, not the request: a difference of shares per ${unit}, and an interval over them.`
      : `The unit is the ${unit}, not the request: a ratio of medians per ${unit}, and an interval over them. 1.21× is 21 % more time.`,
    isOfShares(patterns)
      ? 'One figure of each pattern decides: the share of calls due from the fault on that succeeded (a correct reply, or work done in time behind a broker), as a difference in points. All other figures are for information only: one in twenty changes by chance.'
      : 'One figure of each pattern decides: the response time where the service replies, the completion time behind a broker. The invariants are exact. All other figures are for information only: one in twenty changes by chance.',
    ...(patterns.some(({ gate }) => gate !== null && gate.detectable !== null)
      ? [
          'Smallest change found: the smallest true change that this many pairs would have found in 8 of 10 such comparisons.',
        ]
      : []),
  ];
}

function rulesOf(comparison: Comparison): string[] {
  const limit = marginText(comparison);
  const failures =
    'failures: one-sided exact test, p < 0.01, of rounds whose calls were all sent within 10 % of the deadline';
  return [
    `regressed, improved: the whole interval lies beyond ${limit}; a broken invariant is regressed, whatever the times`,
    `equivalent: the whole interval lies within ${limit}`,
    'inconclusive: neither',
    'not comparable: something differs that should be the same, and was not declared',
    `lost, more than once: none beyond the guarantee${isOfShares(comparison.patterns) ? '' : `; ${failures}`}`,
    'noise: a pair that met a busy machine counts, as both sides met it, and widens the interval; one is excluded where other programs struck one side alone, by an outlier test of their CPU use over at least 6 pairs',
  ];
}
