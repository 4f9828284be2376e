import { lookConfidence } from '../../measure/stats/crossover-point.ts';
import { answerOf, discardedText, isEmpty, isQuestionAnswered } from './answer.ts';
import { crossoverFindingData } from './finding-data.ts';
import type { RecordKind } from '../definition.ts';
import { type Crossover, crossoverOf, type Point } from './found.ts';
import { type CrossoverRecord, crossoverSchema } from './record.ts';
import { SATURATED_AS } from './sample.ts';
import { valuesOf } from './figures.ts';
import { crossoverPictures } from './pictures.ts';
import { atText } from './text.ts';
import { formatLimit, formatMs, formatRate, plural } from '../../report/format.ts';
import { brokerVersions, setupText } from '../../report/setup-text.ts';
import type { PatternRecord } from '../../record/record.ts';
import { moreOf } from '../../report/screen/more.ts';
import { BARE, type Screen } from '../../report/screen/screen.ts';
import { filledTables } from '../../report/table.ts';
import type { Report } from '../../report/report.ts';
import { promises } from '../../report/promises.ts';
import type { Check, Facts, Section, Warning } from '../../report/view.ts';
import { AXIS_TITLE, crossoverTable } from './table.ts';

export const crossoverKind: RecordKind<CrossoverRecord> = {
  schema: crossoverSchema,
  view: (one, file) => ({ ...crossoverView(crossoverOf(one), file), record: one }),
};

/** Everything that is printed of a search for a crossover point, whatever the format. */
export function crossoverView(record: Crossover, file: string | null = null): Report {
  const [first, second] = record.patterns;
  const table = crossoverTable(record);
  const warnings = warningsOf(record);
  return {
    findings: answerOf(record),
    found: crossoverFindingData(record),
    screen: screenOf(record, table, file),
    tables: filledTables([table]),
    charts: [],
    pictures: crossoverPictures(record),
    caveats: { warnings, footnotes: [] },
    meta: {
      title: `${AXIS_TITLE[record.question]}: ${first.title} against ${second.title}`,
      about: aboutOf(record),
      file,
      explanations: [],
      howToRead: howToRead(record),
      fairness: [sameForBoth(record), factsOf(first), factsOf(second)],
      rules: thresholdsOf(record),
      checks: [checkOf(record)],
    },
  };
}

function screenOf(record: Crossover, table: Section, file: string | null): Screen {
  const { question, range, patterns, seed, budgetMs, points } = record;
  const between = `${atText(record, range.from)}–${atText(record, range.to)}`;
  const ends = [`budget ${formatMs(budgetMs)}`, `seed ${seed}`, ...brokerVersions(record.brokers)];
  return {
    ...BARE,
    run: `Crossover by ${question}: ${patterns.map(({ title }) => title).join(' against ')}, ${between}, ${ends.join(', ')}`,
    tables: isEmpty(record) ? [] : [table],
    validity: points.some(({ pairs }) => pairs.length > 0) ? pairsText(points) : null,
    more: moreOf(file),
  };
}

function pairsText(points: readonly Point[]): string {
  const all = points.reduce((n, { pairs }) => n + pairs.length, 0);
  const used = points.reduce((n, point) => n + valuesOf(point).length, 0);
  return `${used} of ${plural(all, 'pair')} used at ${plural(points.length, 'point')}`;
}

function aboutOf(record: Crossover): string[] {
  const { points, range } = record;
  const pairs = points.reduce((sum, point) => sum + point.pairs.length, 0);
  return [
    `Patterns of scenario ${record.scenario.name}, from ${atText(record, range.from)} to ${atText(record, range.to)}, seed ${record.seed}`,
    `State: ${record.state}, ${plural(pairs, 'pair')} at ${plural(points.length, 'point')}, budget ${formatMs(record.budgetMs)}, started ${record.startedAt}`,
    ...setupText(record.environment, record.brokers),
  ];
}

function howToRead({ question, figure, do: how }: Crossover): string[] {
  const figures = {
    completion:
      'Faster: the work is done sooner at the median, counted from the instant at which the call was due.',
    response:
      'Faster: the median response time is shorter, counted from the instant at which the call was due.',
  };
  const ofOutage = [
    `The service is ${how === 'freeze' ? 'frozen (SIGSTOP) and let go on' : 'killed (kill -9) and started again'}. Finally done: of the work intended while it was down, the share that stood in the log of the service in the end, late or not.`,
    ...(how === 'kill'
      ? ['An outage includes the start of the service: the observed outage is longer than planned.']
      : []),
    'Delay: from the intended instant to the work being done, at the median.',
  ];
  return [
    'The crossover point lies between the last point decided for one side and the first decided for the other; inconclusive points lie between them.',
    ...(question === 'outage' ? ofOutage : [figures[figure]]),
    'A figure of a pattern is that of its median pair; the comparison is made within pairs.',
  ];
}

function thresholdsOf({ rule, question }: Crossover): string[] {
  const { looks, margin, leastDeviation } = rule;
  const percent = Number((100 * lookConfidence(rule)).toPrecision(4));
  return [
    `a point is decided after ${looks.join(', ')} comparable pairs, by the ${percent} % interval (Student's t) of the mean over pairs: 5 % of errors for a whole search, shared by all interim analyses at all points (Bonferroni)`,
    question === 'outage'
      ? `a difference of up to ${formatLimit(margin)} of the work does not count; shares are assumed to spread by at least ${formatLimit(leastDeviation)}`
      : `the mean is that of the logarithms of the ratios; a pattern that is saturated where the other is not counts as ${SATURATED_AS}× slower`,
    question === 'outage'
      ? 'pairs with a trial that is not valid are discarded, as are pairs with a saturated one'
      : 'pairs without a usable median are discarded, as are pairs in which both patterns are saturated, or one in noise; other programs beside both are met by both, and widen the interval',
  ];
}

function warningsOf(record: Crossover): Warning[] {
  const text = discardedText(record);
  if (text === undefined) return [];
  return [
    { code: 'pairs-discarded', text: `${text}.`, hint: 'Run it again with nothing else on the machine.' },
  ];
}

function sameForBoth(record: Crossover): Facts {
  const load = record.ratePerS === null ? 'constant, the axis' : `constant ${formatRate(record.ratePerS)}`;
  return {
    title: 'Both patterns',
    facts: [
      ['arrivals', `${load}, open loop, the same instants and contents in both trials of a pair`],
      ['deadline', formatMs(record.scenario.deadlineMs)],
      ['processes', 'a fresh service and a fresh generator for every trial, in an order drawn for each pair'],
    ],
  };
}

function factsOf(pattern: PatternRecord): Facts {
  return {
    title: pattern.title,
    facts: [
      ['interaction', pattern.interaction],
      ['client', pattern.client],
      ...Object.entries(pattern.fairness),
      ...promises(pattern.guarantee),
    ],
  };
}

/** Whether there is an answer. */
function checkOf(record: Crossover): Check {
  const isKnown = isQuestionAnswered(record);
  return {
    suite: record.patterns.map(({ title }) => title).join(' against '),
    name: `crossover by ${record.question}`,
    state: isKnown ? 'passed' : 'skipped',
    verdict: isKnown ? 'answered' : 'inconclusive',
    text: answerOf(record)[0]!,
  };
}
