import { isHealthy } from '../../measure/hops/health.ts';
import {
  HEALTHY_SHARE,
  OBJECTIVE_OF_P99,
  RECOVERED_WINDOWS,
  WINDOW_ARRIVALS,
} from '../../measure/hops/hop-figures.ts';
import type { Scenario } from '../../scenario/schema/schema.ts';
import { formatCount, formatLimit, formatRatio, formatUs, plural } from '../format.ts';
import type { Explanation } from '../view.ts';
import { amplification } from '../../analysis/faults/edge-totals.ts';
import type { FaultComparison } from '../../analysis/faults/fault-comparison.ts';
import { dependentOf, hopsOf } from '../../analysis/faults/fault-trials.ts';
import { faultText } from './fault-text.ts';
import { recoveryText, secondsText } from './recovery-text.ts';

const RULES = {
  health: `a window of ${WINDOW_ARRIVALS} consecutive arrivals of one endpoint is healthy if ${formatLimit(HEALTHY_SHARE)} of them were correct within the objective: what the scenario declares, else ${OBJECTIVE_OF_P99} times the p99 of its baseline`,
  recovery: `from the last fault lifted, and its processes ready again, to the first of ${RECOVERED_WINDOWS} healthy windows in a row, of the endpoint that took longest; "> 6.2 s": not within the 6.2 s that were watched`,
  amplification:
    'tries that callers started on the edges into a service, over those that the same arrivals take when nothing fails; at the leaf, which is the last service that is waited for',
} as const;

export const FAULT_RULE_TEXTS: readonly string[] = Object.entries(RULES).map(
  ([name, rule]) => `${name}: ${rule}`,
);

/** The rules behind the figures, and what they were reached from, line by line. */
export function faultExplanations(
  comparisons: readonly FaultComparison[],
  scenario: Scenario,
): Explanation[] {
  const known = comparisons.filter(({ trials }) => hopsOf(trials).length > 0);
  if (known.length === 0) return [];
  const table = (
    title: string,
    rule: keyof typeof RULES,
    explain: (comparison: FaultComparison) => readonly [verdict: string, figures: string[]],
  ): Explanation => ({
    title,
    rule: `${RULES[rule]}.`,
    rows: known.map((comparison) => {
      const [verdict, figures] = explain(comparison);
      const name = comparison.case ? `${comparison.name}, ${comparison.case.title}` : comparison.name;
      return { title: name, figures, verdict };
    }),
  });
  return [
    table('Health', 'health', (comparison) => [healthText(comparison), healthFigures(comparison)]),
    table('Recovery', 'recovery', (comparison) => explainRecovery(comparison, scenario)),
    ...(known.some(({ work }) => work.leaf)
      ? [table('Amplification', 'amplification', explainAmplification)]
      : []),
  ];
}

function windowsOf(comparison: FaultComparison) {
  return hopsOf(comparison.trials)
    .flatMap((hops) => dependentOf(comparison, hops))
    .flatMap(({ windows }) => windows);
}

function healthText(comparison: FaultComparison): string {
  const all = windowsOf(comparison);
  const bad = all.filter((window) => !isHealthy(window)).length;
  return `${formatCount(bad)} of ${plural(all.length, 'window')} unhealthy`;
}

function healthFigures(comparison: FaultComparison): string[] {
  return hopsOf(comparison.trials)
    .flatMap((hops) => dependentOf(comparison, hops))
    .map(({ title, objectiveNs, windows }) => {
      const bad = windows.filter((window) => !isHealthy(window));
      const objective = objectiveNs === null ? 'no objective' : `within ${formatUs(objectiveNs / 1000)}`;
      const when =
        bad.length === 0
          ? ''
          : `: due from ${secondsText(bad[0]!.fromNs)} to ${secondsText(bad.at(-1)!.toNs)}`;
      return `${title}, ${objective}: ${formatCount(bad.length)} of ${formatCount(windows.length)} unhealthy${when}`;
    });
}

function explainRecovery(comparison: FaultComparison, scenario: Scenario): readonly [string, string[]] {
  const { ending } = comparison.health;
  if (!ending) return ['nothing known', []];
  const { span, recovery, isCutShort, shed } = ending;
  return [
    isCutShort ? 'not watched long enough' : recoveryText(recovery),
    [
      `on at ${secondsText(span.fromNs)}, lifted and ready at ${secondsText(span.toNs)}`,
      ...(shed === null ? [] : [`load shed before that: ${faultText(shed, scenario)}`]),
    ],
  ];
}

function explainAmplification({ work: { leaf: found } }: FaultComparison): readonly [string, string[]] {
  if (!found) return ['no service is waited for', []];
  const times = amplification(found.seen);
  return [
    times === null ? 'no call was due' : formatRatio(times),
    [`${formatCount(found.seen.attempts)} tries at ${found.leaf}, ${formatCount(found.seen.expected)} due`],
  ];
}
