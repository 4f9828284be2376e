import { peakPerS } from '../scenario/schema/schema.ts';
import type { Ledger } from '../measure/figures/figures.ts';
import { isWorkKnown } from '../analysis/patterns/evidence.ts';
import { formatCount, formatRate, formatShare, plural } from './format.ts';
import type { Result, Trial } from '../record/record.ts';
import type { FaultComparison } from '../analysis/faults/fault-comparison.ts';
import { faultWarnings, roughObjectives } from './faults/fault-warnings.ts';
import { nearCalibratedRate } from './calibrated.ts';
import { countOf, failuresText } from './outcomes.ts';
import {
  capacityPerS,
  isFaultObserved,
  timedTrials,
  plannedOf,
  type PatternResult,
} from '../analysis/patterns/pattern-result.ts';
import { CAPACITY_SHARE_LIMIT } from './tables/cost.ts';
import type { Warning } from './view.ts';

interface Looked {
  /** Of each variant. */
  readonly lines: readonly PatternResult[];
  readonly faults: readonly FaultComparison[];
  readonly file: string | null;
}

/** All that a reader must know before believing or comparing, each with its cure. */
export function warningsOf(
  result: Result,
  patterns: readonly PatternResult[],
  { lines, faults, file }: Looked,
): Warning[] {
  const again = `\`commbench replay ${file ?? 'FILE'}\` runs the same plan again.`;
  return [
    ...interrupted(result, again),
    ...patterns.flatMap((pattern) => [
      ...notRun(pattern),
      ...failed(pattern, again),
      ...skipped(pattern),
      ...notValid(pattern),
      ...notSteady(pattern),
      ...ofLoad(
        result,
        lines.filter((line) => line.record === pattern.record),
      ),
      ...delivery(pattern),
      ...deadLetters(pattern),
      ...faultMissed(pattern),
      ...oddSamples(pattern),
    ]),
    ...faultWarnings(faults),
    ...roughObjectives(faults, result.scenario),
    ...unlikeWaits(patterns),
    ...spreadUnknown(lines),
  ];
}

/** What depends on the load, variant by variant. */
function ofLoad(result: Result, lines: readonly PatternResult[]): Warning[] {
  return lines.flatMap((line) => [
    ...failures(line),
    ...saturated(line),
    ...nearCapacity(line),
    ...nearCalibratedRate(result, line),
  ]);
}

function interrupted(result: Result, again: string): Warning[] {
  if (result.state !== 'interrupted' && result.state !== 'running') return [];
  return [
    {
      code: 'interrupted',
      text: `The run ended early: ${formatCount(result.trials.length)} of ${plural(result.order.length, 'trial')} are here.`,
      hint: again,
    },
  ];
}

function notRun({ record }: PatternResult): Warning[] {
  if (record.state === 'run') return [];
  return [
    {
      code: 'not-run',
      text: `${record.title} was not run: ${record.reason ?? 'no reason is known'}.`,
      hint: record.hint ?? '`commbench doctor` shows what is there.',
    },
  ];
}

function failed(pattern: PatternResult, again: string): Warning[] {
  return pattern.failed.map((trial) => ({
    code: 'trial-failed',
    text: `${pattern.record.title}: ${trialName(trial)} failed: ${trial.failure ?? 'no reason is known'}`,
    hint: `Its figures are excluded. ${again}`,
  }));
}

/** Planned, but not to be run here: the same is said of every round and case, once. */
function skipped(pattern: PatternResult): Warning[] {
  const warnings = pattern.skipped.map((trial) => ({
    code: trial.kind === 'broker-outage' ? 'not-ours' : 'trial-skipped',
    text: `${pattern.record.title}: ${trialName(trial)} was not run: ${trial.failure ?? 'no reason is known'}.`,
    hint:
      trial.kind === 'broker-outage'
        ? 'Only a broker that the run started itself is taken away: run without --broker, and after `commbench down`.'
        : 'The other trials of the row are as planned.',
  }));
  return warnings.filter(({ text }, i) => warnings.findIndex((other) => other.text === text) === i);
}

const HINTS = {
  incomplete: 'Run it again; if it stays, `commbench doctor` and the last output above tell more.',
  'generator-bound': 'Lower the load with --rate, or give the machine free cores.',
  disturbed: 'Close other programs, or use a quieter machine, and run again.',
} as const;

function notValid(pattern: PatternResult): Warning[] {
  return (['incomplete', 'generator-bound', 'disturbed'] as const).flatMap((verdict) => {
    // The times of a counting trial are not looked at, its calls are.
    const counted = verdict === 'incomplete' ? pattern.wireBytes : [];
    const trials = [...timedTrials(pattern), ...pattern.faulted, ...counted, ...pattern.noop].filter(
      (t) => t.validity.verdict === verdict,
    );
    if (trials.length === 0) return [];
    const detail = trials[0]!.validity.causes.find((c) => c.cause === verdict)?.detail ?? verdict;
    const text = `${pattern.record.title}: ${verdict} in ${trialList(trials)}: ${detail}.`;
    return [{ code: verdict, text, hint: HINTS[verdict] }];
  });
}

function notSteady(pattern: PatternResult): Warning[] {
  const trials = [...timedTrials(pattern), ...pattern.faulted].filter((t) => t.warmUp.isSteady === false);
  if (trials.length === 0) return [];
  return [
    {
      code: 'not-stationary',
      text: `${pattern.record.title}: latencies were still changing after the warm-up of ${trialList(trials)}.`,
      hint: `Warm up longer: --set warmUp.calls=${trials[0]!.warmUp.calls * 3}.`,
    },
  ];
}

/** Without a fault every call should do: who reads only percentiles would not see those that did not. */
function failures(pattern: PatternResult): Warning[] {
  const phases = pattern.latency.flatMap((trial) => trial.phases);
  const planned = plannedOf(phases);
  const failedCalls = planned - countOf(phases, 'ok');
  if (failedCalls === 0) return [];
  return [
    {
      code: 'calls-failed',
      text: `${pattern.name}: ${formatCount(failedCalls)} of ${plural(planned, 'call')} failed without a fault: ${failuresText(phases)}.`,
      hint:
        pattern.record.target === null
          ? 'Lower the load with --rate, or allow more time (--set deadlineMs=5s); percentiles are of the others only.'
          : 'See what the target itself says of them; percentiles are of the others only.',
    },
  ];
}

function saturated(pattern: PatternResult): Warning[] {
  const trials = pattern.latency.filter((t) => t.load.verdict === 'saturated');
  if (trials.length === 0) return [];
  return [
    {
      code: 'saturated',
      text: `${pattern.name}: saturated in ${trialList(trials)}: ${trials[0]!.load.detail}. Its latencies show a growing backlog, not the pattern.`,
      hint: 'Lower the load with --rate, or give the service more slots (--set service.slots=N).',
    },
  ];
}

function nearCapacity(pattern: PatternResult): Warning[] {
  const capacity = capacityPerS(pattern);
  const share = capacity ? peakPerS(pattern.load) / capacity : 0;
  if (!capacity || share <= CAPACITY_SHARE_LIMIT) return [];
  return [
    {
      code: 'near-capacity',
      text: `${pattern.name} runs at ${formatShare(share)} of its own capacity of ${formatRate(capacity)}: queueing is part of its latencies.`,
      hint: `Compare latencies at --rate ${Math.max(1, Math.floor(capacity * CAPACITY_SHARE_LIMIT))} or below.`,
    },
  ];
}

function delivery(pattern: PatternResult): Warning[] {
  const ledgers = ledgersOf(pattern);
  const lost = ledgers.reduce((n, l) => n + l.lost, 0);
  const twice = ledgers.reduce((n, l) => n + l.duplicates, 0);
  const { completion, guarantee } = pattern.record;
  const { delivery: promise } = guarantee;
  const warnings: Warning[] = [];
  if (lost > 0) {
    warnings.push({
      code: 'lost',
      text: `${pattern.record.title} lost ${plural(lost, 'accepted call')}: ${completion === null ? 'beyond its guarantee' : `they did not come out at the ${completion}`}.`,
      hint: 'The ledger in the result file names the first of them (trials[].ledgers[].examples).',
    });
  }
  if (twice > 0) {
    const within = promise === 'at-least-once' ? 'within at-least-once' : `beyond ${promise}`;
    const repetition = completion === null ? within : `they came out at the ${completion} again`;
    warnings.push({
      code: 'duplicates',
      text: `${pattern.record.title} did ${plural(twice, 'call')} more than once: ${repetition}.`,
      hint: 'Make the handler bear repetition (an idempotency key); the result file names the first of them.',
    });
  }
  return warnings;
}

/** Never done, but not lost either: someone has to look at them. */
function deadLetters(pattern: PatternResult): Warning[] {
  const count = ledgersOf(pattern).reduce(
    (n, l) => n + l.accepted.deadLettered + l.refused.deadLettered + l.unknown.deadLettered,
    0,
  );
  if (count === 0) return [];
  return [
    {
      code: 'dead-letters',
      text: `${pattern.record.title} dead-lettered ${plural(count, 'call')}: their work was never done, and no caller was told.`,
      hint: 'Someone must look into them and send them again; the result file names the first of them (trials[].ledgers[].examples).',
    },
  ];
}

function ledgersOf(pattern: PatternResult): Ledger[] {
  return [...timedTrials(pattern), ...pattern.wireBytes].flatMap((t) => (isWorkKnown(t) ? t.ledgers : []));
}

function faultMissed(pattern: PatternResult): Warning[] {
  return [...pattern.serviceOutage, ...pattern.brokerOutage].flatMap((trial) => {
    const seen = isFaultObserved(trial);
    if (seen && trial.coupling) return [];
    const isBrokerOutage = trial.kind === 'broker-outage';
    const why = seen
      ? `no call was intended while the ${isBrokerOutage ? 'broker' : 'service'} was down`
      : 'it was planned, but not seen to happen';
    return [
      {
        code: 'fault-missed',
        text: `${pattern.record.title}: the fault${isBrokerOutage ? ' of its broker' : ''} hit nothing (${why}), so its coupling is not known.`,
        hint: `Run again; a longer outage (--set ${trial.kind}.forMs=8s) or a higher --rate meets more calls.`,
      },
    ];
  });
}

function oddSamples(pattern: PatternResult): Warning[] {
  const odd = [...pattern.response.rounds, ...pattern.completion.rounds].reduce(
    (n, series) => n + series.nonPositive,
    0,
  );
  if (odd === 0) return [];
  return [
    {
      code: 'clock',
      text: `${pattern.record.title}: ${plural(odd, 'sample')} of zero or less; they are counted as 1 µs.`,
      hint: "The machine's clock is not the same on all cores; use another clock source.",
    },
  ];
}

function unlikeWaits(patterns: readonly PatternResult[]): Warning[] {
  const measured = patterns.filter((pattern) => pattern.latency.length > 0);
  const reply = measured
    .filter((pattern) => pattern.waitsFor === 'reply')
    .map((pattern) => pattern.record.title);
  const confirm = measured
    .filter((pattern) => pattern.waitsFor === 'confirm')
    .map((pattern) => pattern.record.title);
  if (reply.length === 0 || confirm.length === 0) return [];
  return [
    {
      code: 'reply-path',
      text: `"Response time" is not one thing here: ${reply.join(', ')} ${reply.length === 1 ? 'waits' : 'wait'} for the answer, ${confirm.join(', ')} only for the broker's confirm, before the work is done.`,
      hint: measured.every((pattern) => pattern.firstItem.merged)
        ? 'Compare "first item" and "jitter" between them.'
        : measured.every((pattern) => pattern.completion.merged)
          ? 'Compare "completion" between them.'
          : 'Do not compare them: when the work of a target is done is not known.',
    },
  ];
}

function spreadUnknown(patterns: readonly PatternResult[]): Warning[] {
  const single = patterns.filter((pattern) => pattern.latency.length === 1).map((pattern) => pattern.name);
  if (single.length === 0) return [];
  return [
    {
      code: 'spread-unknown',
      text: `${single.join(', ')}: spread unknown. One round tells nothing of how much these figures vary by themselves.`,
      hint: 'Run with --rounds 5 or more.',
    },
  ];
}

function trialName(trial: Trial): string {
  const ofVariant = trial.variant === null ? '' : ` of ${trial.variant}`;
  return {
    latency: `round ${trial.round}`,
    'service-outage': 'the outage trial',
    'broker-outage': "the broker's outage trial",
    'idle-busy': 'the idle and busy trial',
    'wire-bytes': 'the counting trial',
    noop: 'the no-op baseline',
    fault: `the faults${trial.case === null ? '' : ` "${trial.case}"`}${ofVariant}`,
    control: `the control${ofVariant}`,
  }[trial.kind];
}

/** Trials of faults; more of them are counted. */
const MOST_NAMED = 3;

function trialList(trials: readonly Trial[]): string {
  const rounds = trials.filter((t) => t.kind === 'latency').map((t) => t.round);
  const others = trials.filter((t) => t.kind !== 'latency').map(trialName);
  const faulted = trials.filter(({ kind }) => kind === 'fault' || kind === 'control').length;
  if (faulted > MOST_NAMED) return `${faulted} trials with faults or their controls`;
  return [
    ...(rounds.length > 0
      ? [`${rounds.length === 1 ? 'round' : 'rounds'} ${rounds.toSorted((a, b) => a - b).join(', ')}`]
      : []),
    ...new Set(others),
  ].join(' and ');
}
