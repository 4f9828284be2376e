import { isUsedFor } from '../plan/kinds/kinds.ts';
import { LOOSE_FROM, TIGHT_BELOW } from '../measure/figures/coupling.ts';
import { VALIDITY_RULES, STREAM_RULE } from '../measure/validity/validity.ts';
import { LOAD_RULES } from '../measure/validity/load-verdict.ts';
import { INTERVALS_BEYOND, quantileCell, SAMPLES_BEYOND } from '../measure/figures/percentile.ts';
import type { Finding } from '../analysis/finding.ts';
import { resultNames } from './findings/names.ts';
import { sentencesOf } from './findings/sentences.ts';
import { nothingMeasured } from './screen/nothing.ts';
import { FAULT_RULE_TEXTS, faultExplanations } from './faults/explain.ts';
import { faultCharts, faultSections, howToReadFaults } from './faults/fault-view.ts';
import { topologyFacts } from './faults/topology-facts.ts';
import { calibratedText } from './calibrated.ts';
import { fairnessFacts, sameForAll } from './fairness.ts';
import { createFootnotes, type Footnotes } from './footnotes.ts';
import { formatLimit, plural } from './format.ts';
import { DRIFT_ERROR, DRIFT_ROUNDS, DRIFT_SHARE } from '../analysis/patterns/drift.ts';
import { referenceTitle } from './reference-title.ts';
import { setupText } from './setup-text.ts';
import { type Analysis, analysisOf } from '../analysis/analysis.ts';
import type { Result } from '../record/record.ts';
import { ORDER_CONFIDENCE, ORDER_ERROR, ORDER_ROUNDS } from '../analysis/patterns/order.ts';
import type { PatternResult } from '../analysis/patterns/pattern-result.ts';
import { WORD_RULES, wordExplanations } from './claims/word-rules.ts';
import { SUSTAINED_SHARE_LIMIT } from '../analysis/patterns/utilisation.ts';
import { closedLoopsSection } from './tables/closed-loops.ts';
import { contractSection } from './tables/contract.ts';
import { alternativesTable } from './tables/alternatives.ts';
import { costSection } from './tables/cost.ts';
import { distributionSection } from './tables/distribution.ts';
import { guidesSection } from './tables/guides.ts';
import { idleSection } from './tables/idle.ts';
import { latencySection } from './tables/latency.ts';
import { edgesSection } from './tables/edges.ts';
import { ledgerSection } from './tables/ledger.ts';
import { outageSection } from './tables/outage.ts';
import { regimesSection } from './tables/regimes.ts';
import { streamsSection } from './tables/streams.ts';
import { trafficSection } from './tables/traffic.ts';
import { orderSection, variantsSection } from './tables/variants.ts';
import { waterfallSection } from './tables/waterfall.ts';
import {
  outsideChecks,
  THRESHOLD_RULE,
  thresholdChecks,
  thresholdSentence,
  thresholdsSection,
} from './threshold-view.ts';
import { measuredChecks } from './measured-checks.ts';
import { runPictures } from './pictures/run-pictures.ts';
import type { Report } from './report.ts';
import { runFindings } from '../analysis/findings/run.ts';
import { runScreen } from './screen/run-screen.ts';
import { operationsSection } from './screen/tables/targets.ts';
import { filledTables } from './table.ts';
import type { Section } from './view.ts';
import { runWarnings } from '../analysis/warnings/warnings.ts';
import { warningTexts } from './warnings/warning-text.ts';

/** Everything that is printed of a result, whatever the format. */
export function viewOf(result: Result, file: string | null = null): Report {
  const analysis = analysisOf(result);
  const { patterns, words, faults, thresholds } = analysis;
  const notes = createFootnotes();
  const sections =
    result.trials.length === 0
      ? []
      : filledTables([
          thresholdsSection(thresholds),
          ...faultSections(result, faults, notes),
          ...(isOnlyFaults(result) ? [] : sectionsOf(analysis, notes)),
        ]);
  const warnings = warningTexts(runWarnings(analysis), file);
  const found = runFindings(analysis);
  const screen = runScreen(analysis, found, file);
  return {
    found,
    screen,
    record: result,
    findings: findingsIn(analysis, found),
    tables: sections,
    charts: sections.length === 0 ? [] : faultCharts(faults),
    pictures: sections.length === 0 ? [] : runPictures(analysis),
    caveats: { warnings, footnotes: notes.all() },
    meta: {
      title: result.scenario.title,
      about: aboutOf(result, screen.run),
      file,
      ...(file === null ? {} : { repeat: `commbench replay ${file}` }),
      explanations:
        sections.length === 0
          ? []
          : [...faultExplanations(faults, result.scenario), ...wordExplanations(words)],
      howToRead: [
        ...(faults.length > 0 ? howToReadFaults(faults) : []),
        ...(isOnlyFaults(result) ? [] : howToRead(patterns, words.length > 0)),
      ],
      fairness: [
        sameForAll(result, patterns),
        ...topologyFacts(result),
        ...patterns.map((pattern) => fairnessFacts(result, pattern)),
      ],
      rules: rulesOf(analysis),
      checks: [
        ...(thresholds.length > 0 ? thresholdChecks(thresholds) : measuredChecks(result)),
        ...outsideChecks(analysis),
      ],
    },
  };
}

/** In words, the headline first; where nothing was measured, the reason and what to do. */
function findingsIn(analysis: Analysis, found: readonly Finding[]): string[] {
  const { result, patterns } = analysis;
  const nothing = nothingMeasured(result, patterns);
  if (nothing) return [`No results: ${nothing.text}.`, nothing.hint];
  const sentences = [...thresholdSentence(analysis), ...sentencesOf(found, resultNames(result))];
  return sentences.length > 0 || patterns.some(hasMedian) ? sentences : [TOO_FEW_CALLS];
}

const TOO_FEW_CALLS = `Too few calls: a percentile needs at least ${SAMPLES_BEYOND} samples beyond it, from at least ${INTERVALS_BEYOND} separate 100 ms intervals.`;

function hasMedian({ series: { response, completion } }: PatternResult): boolean {
  return [response, completion].some(({ merged }) => merged && quantileCell(merged, 0.5).state === 'known');
}

function rulesOf({ patterns, orders, words, families, faults, thresholds }: Analysis): string[] {
  return [
    ...(thresholds.length > 0 ? [THRESHOLD_RULE] : []),
    ...(faults.length > 0 ? FAULT_RULE_TEXTS : []),
    ...THRESHOLDS,
    ...(words.length > 0 ? Object.entries(WORD_RULES).map(ruleText) : []),
    ...(families.length > 0 ? [ALTERNATIVES_RULE] : []),
    ...(patterns.length > 1 || orders.length > 0 ? [ORDER_RULE] : []),
    ...(patterns.some((pattern) => pattern.series.firstItem.merged) ? [STREAM_RULE] : []),
  ];
}

/** Only faults and no-op baselines were planned: the tables of latencies would be empty. */
function isOnlyFaults({ design: { order } }: Result): boolean {
  return (
    order.some(({ kind }) => isUsedFor(kind, 'fault')) &&
    order.every(({ kind }) => isUsedFor(kind, 'fault', 'control', 'baseline'))
  );
}

function sectionsOf(
  { result, patterns, base, perVariant, orders, regimes, words, families, contracts }: Analysis,
  notes: Footnotes,
): (Section | undefined)[] {
  return [
    guidesSection(result, words, notes),
    closedLoopsSection(patterns),
    regimesSection(regimes),
    contractSection(contracts, result.scenario),
    alternativesTable(families, referenceTitle(result), notes),
    orderSection(orders),
    variantsSection(result, perVariant, notes),
    outageSection(result, patterns, notes),
    outageSection(result, patterns, notes, 'brokerOutage'),
    latencySection(result, perVariant, notes),
    operationsSection(result),
    streamsSection(result, perVariant, notes),
    idleSection(result, base, notes),
    distributionSection(perVariant),
    waterfallSection(perVariant, notes),
    edgesSection(perVariant),
    ledgerSection(result, patterns, notes),
    costSection(result, perVariant, notes),
    trafficSection(result, patterns, notes),
  ];
}

function aboutOf(result: Result, run: string): string[] {
  const { environment, design, trials } = result;
  return [
    `Scenario ${run}`,
    `State: ${result.state}, ${trials.length} of ${plural(design.order.length, 'trial')}, started ${result.startedAt}`,
    ...setupText(environment, result.brokers),
    ...calibratedText(result),
  ];
}

function howToRead(patterns: readonly PatternResult[], isRated: boolean): string[] {
  const lines = [
    'Times count from the instant at which a call was due by its schedule, sent or not: a slow reply delays no later call.',
    'Response time: until the reply, or until the broker confirms. Completion time: until its effect stood in the log of the service.',
    'Goodput: calls answered as their contract says, within the deadline, per second of intended time. Done in time: work done within the deadline, likewise. A percentile says nothing of calls that failed; these two do.',
    'Percentiles come from the histogram of all rounds together; below each is the range of the rounds.',
    "No-op baseline: the response time against a service that does nothing. Closed loop: calls per second of so many callers in the warm-up, each of which waits before it sends again. Their waits bound it, so that it is no capacity. Utilisation: the load's highest rate as a share of the highest sustained rate that `calibrate` found here, against a service that does nothing.",
    'Lost: accepted, never done. Unknown: the caller does not know. Phantom: refused, yet done.',
  ];
  const some = (is: (pattern: PatternResult) => boolean, line: string) => (patterns.some(is) ? [line] : []);
  return [
    ...lines,
    ...(isRated
      ? [
          "Latency in the guides' table is the completion time of every pattern: a service that replies has done the work before.",
          'Coupling: the share served while the service is down; "broker killed" is the same for the broker, of patterns that have one. Tight to it: nothing works without it.',
          'CPU and bytes per request: caller, services and broker together; the caller is the whole generator, with its pacing and time stamps. Validity, load: whether the figures may be believed, and whether the system kept up with the load.',
        ]
      : []),
    ...some(
      (pattern) => pattern.waitsFor === 'confirm',
      'A queue responds before the work is done: compare completion time and finally done, too.',
    ),
    ...some(
      (pattern) => pattern.series.firstItem.merged !== null,
      'First item: of a stream the time to its first item, of events the time to each subscriber: both from when it was due. Jitter: how much sooner or later an item followed the one before it than planned; 0 is an even flow.',
    ),
    ...some(
      (pattern) => pattern.record.subscribers > 1,
      'Publish-subscribe: work is done when the last subscriber has done it; "first done" is when the first one has.',
    ),
  ];
}

function ruleText([claim, rule]: [string, string]): string {
  return `claimed → measured, ${claim}: ${rule}`;
}

const ALTERNATIVES_RULE =
  'library or pattern: the latency word of each form of a pattern, by the rule for claimed latencies, beside the reference. It holds where the interval of every form gives one and the same word, and depends where the words of two forms exclude each other; else it is inconclusive';

const ORDER_RULE = `an order of patterns: the ${formatLimit(ORDER_CONFIDENCE)} interval of the ratio of medians in the same rounds on one side of 1, at least ${ORDER_ROUNDS} comparable rounds; where more than ${Math.round(ORDER_ERROR / (1 - ORDER_CONFIDENCE))} pairs are ordered together, of 100 % less ${formatLimit(ORDER_ERROR)} / pairs, so that an order of any number of patterns is wrong in at most ${formatLimit(ORDER_ERROR)}`;

const THRESHOLDS: readonly string[] = [
  ...VALIDITY_RULES,
  ...LOAD_RULES,
  `coupling: tight below ${formatLimit(TIGHT_BELOW)} served while the service was down; loose from ${formatLimit(LOOSE_FROM)} served and ${formatLimit(LOOSE_FROM)} finally done; else partial`,
  `percentiles: at least ${SAMPLES_BEYOND} samples beyond them, from at least ${INTERVALS_BEYOND} separate 100 ms intervals`,
  `drifting: completion p50, or CPU per request of service or broker, rises or falls over the rounds by at least ${formatLimit(DRIFT_SHARE)} and so regularly (Mann and Kendall) that chance would do it in at most ${formatLimit(DRIFT_ERROR)} of the patterns; fewer than ${DRIFT_ROUNDS} rounds cannot show it`,
  `a pattern above ${formatLimit(SUSTAINED_SHARE_LIMIT)} of the highest sustained rate that a calibration found is marked`,
];
