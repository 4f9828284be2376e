import { fieldOf, isUsedFor, kindByName } from '../../plan/kinds/kinds.ts';
import type { Ledger } from '../../measure/figures/figures.ts';
import { isWorkKnown } from '../../analysis/patterns/evidence.ts';
import { formatCount, formatRate, formatShare, plural } from '../format.ts';
import type { Result, Trial } from '../../record/record.ts';
import type { Analysis } from '../../analysis/analysis.ts';
import { faultWarnings, roughObjectives } from '../faults/fault-warnings.ts';
import { nearCalibratedCeiling } from '../calibrated.ts';
import { countOf } from '../../analysis/patterns/outcomes.ts';
import { failuresText } from '../outcomes.ts';
import { isFaultSeen, timedTrials, plannedOf, type ResultRow } from '../../analysis/patterns/row.ts';
import { comparablePerS, isNearCeiling, shareOfCeiling } from '../../analysis/patterns/ceiling.ts';
import type { Warning } from '../view.ts';

/** All that a reader must know before believing or comparing, each with its cure. */
export function warningsOf(
  { result, patterns: rows, perVariant: lines, faults }: Analysis,
  file: string | null,
): Warning[] {
  const again = `\`commbench replay ${file ?? 'FILE'}\` runs the same plan again.`;
  return [
    ...interrupted(result, again),
    ...rows.flatMap((row) => [
      ...notRun(row),
      ...failed(row, again),
      ...skipped(row),
      ...notValid(row),
      ...notStationary(row),
      ...ofLoad(
        result,
        lines.filter((line) => line.pattern === row.pattern),
      ),
      ...delivery(row),
      ...deadLetters(row),
      ...faultMissed(row),
      ...oddSamples(row),
    ]),
    ...faultWarnings(faults),
    ...roughObjectives(faults, result.scenario),
    ...unlikeWaits(rows),
    ...spreadUnknown(lines),
  ];
}

/** What depends on the load, variant by variant. */
function ofLoad(result: Result, lines: readonly ResultRow[]): Warning[] {
  return lines.flatMap((line) => [
    ...failures(line),
    ...saturated(line),
    ...nearCeiling(line),
    ...nearCalibratedCeiling(result, line),
  ]);
}

function interrupted(result: Result, again: string): Warning[] {
  if (result.state !== 'interrupted' && result.state !== 'running') return [];
  return [
    {
      code: 'interrupted',
      text: `The run ended early: ${formatCount(result.trials.length)} of ${plural(result.order.length, 'trial')} are here.`,
      cure: again,
    },
  ];
}

function notRun({ pattern }: ResultRow): Warning[] {
  if (pattern.state === 'run') return [];
  return [
    {
      code: 'not-run',
      text: `${pattern.title} was not run: ${pattern.reason ?? 'no reason is known'}.`,
      cure: pattern.cure ?? '`commbench doctor` shows what is there.',
    },
  ];
}

function failed(row: ResultRow, again: string): Warning[] {
  return row.failed.map((trial) => ({
    code: 'trial-failed',
    text: `${row.pattern.title}: ${trialName(trial)} failed: ${trial.failure ?? 'no reason is known'}`,
    cure: `Its figures are left out. ${again}`,
  }));
}

/** Planned, but not to be run here: the same is said of every round and case, once. */
function skipped(row: ResultRow): Warning[] {
  const told = row.skipped.map((trial) => ({
    code: kindByName(trial.kind).words.skipped?.code ?? 'trial-skipped',
    text: `${row.pattern.title}: ${trialName(trial)} was not run: ${trial.failure ?? 'no reason is known'}.`,
    cure: kindByName(trial.kind).words.skipped?.hint ?? 'The other trials of the row are as planned.',
  }));
  return told.filter(({ text }, i) => told.findIndex((other) => other.text === text) === i);
}

const CURES = {
  incomplete: 'Run it again; if it stays, `commbench doctor` and the last words above tell more.',
  'generator-bound': 'Lower the load with --rate, or give the machine free cores.',
  disturbed: 'Close other programs, or use a quieter machine, and run again.',
} as const;

function notValid(row: ResultRow): Warning[] {
  return (['incomplete', 'generator-bound', 'disturbed'] as const).flatMap((verdict) => {
    // The times of a counting trial are not looked at, its calls are.
    const counted = verdict === 'incomplete' ? row.count : [];
    const trials = [...timedTrials(row), ...row.faulted, ...counted, ...row.floor].filter(
      (t) => t.measurement.verdict === verdict,
    );
    if (trials.length === 0) return [];
    const detail = trials[0]!.measurement.causes.find((c) => c.cause === verdict)?.detail ?? verdict;
    const text = `${row.pattern.title}: ${verdict} in ${trialList(trials)}: ${detail}.`;
    return [{ code: verdict, text, cure: CURES[verdict] }];
  });
}

function notStationary(row: ResultRow): Warning[] {
  const trials = [...timedTrials(row), ...row.faulted].filter((t) => t.warmUp.stationary === false);
  if (trials.length === 0) return [];
  return [
    {
      code: 'not-stationary',
      text: `${row.pattern.title}: latencies were still changing after the warm-up of ${trialList(trials)}.`,
      cure: `Warm up longer: --set warmUp.calls=${trials[0]!.warmUp.calls * 3}.`,
    },
  ];
}

/** Without a fault every call should do: who reads only percentiles would not see those that did not. */
function failures(row: ResultRow): Warning[] {
  const phases = row.latency.flatMap((trial) => trial.phases);
  const planned = plannedOf(phases);
  const failedCalls = planned - countOf(phases, 'ok');
  if (failedCalls === 0) return [];
  return [
    {
      code: 'calls-failed',
      text: `${row.name}: ${formatCount(failedCalls)} of ${plural(planned, 'call')} failed without a fault: ${failuresText(phases)}.`,
      cure:
        row.pattern.target === null
          ? 'Lower the load with --rate, or allow more time (--set deadlineMs=5s); percentiles are of the others only.'
          : 'See what the target itself says of them; percentiles are of the others only.',
    },
  ];
}

function saturated(row: ResultRow): Warning[] {
  const trials = row.latency.filter((t) => t.load.verdict === 'saturated');
  if (trials.length === 0) return [];
  return [
    {
      code: 'saturated',
      text: `${row.name}: saturated in ${trialList(trials)}: ${trials[0]!.load.detail}. Its latencies show a growing backlog, not the pattern.`,
      cure: 'Lower the load with --rate, or give the service more slots (--set service.slots=N).',
    },
  ];
}

function nearCeiling(row: ResultRow): Warning[] {
  const known = shareOfCeiling(row);
  if (!known || !isNearCeiling(known)) return [];
  return [
    {
      code: 'near-ceiling',
      text: `${row.name} runs at ${formatShare(known.share)} of its own ceiling of ${formatRate(known.ceilingPerS)}: queueing is part of its latencies.`,
      cure: `Compare latencies at --rate ${comparablePerS(known)} or below.`,
    },
  ];
}

function delivery(row: ResultRow): Warning[] {
  const ledgers = ledgersOf(row);
  const lost = ledgers.reduce((n, l) => n + l.lost, 0);
  const twice = ledgers.reduce((n, l) => n + l.duplicates, 0);
  const { completion, guarantee } = row.pattern;
  const { delivery: promise } = guarantee;
  const warnings: Warning[] = [];
  if (lost > 0) {
    warnings.push({
      code: 'lost',
      text: `${row.pattern.title} lost ${plural(lost, 'accepted call')}: ${completion === null ? 'beyond its guarantee' : `they did not come out at the ${completion}`}.`,
      cure: 'The ledger in the result file names the first of them (trials[].ledgers[].examples).',
    });
  }
  if (twice > 0) {
    const within = promise === 'at-least-once' ? 'within at-least-once' : `beyond ${promise}`;
    const judged = completion === null ? within : `they came out at the ${completion} again`;
    warnings.push({
      code: 'duplicates',
      text: `${row.pattern.title} did ${plural(twice, 'call')} more than once: ${judged}.`,
      cure: 'Make the handler bear repetition (an idempotency key); the result file names the first of them.',
    });
  }
  return warnings;
}

/** Never done, but not lost either: someone has to look at them. */
function deadLetters(row: ResultRow): Warning[] {
  const count = ledgersOf(row).reduce(
    (n, l) => n + l.accepted.deadLettered + l.refused.deadLettered + l.unknown.deadLettered,
    0,
  );
  if (count === 0) return [];
  return [
    {
      code: 'dead-letters',
      text: `${row.pattern.title} put ${plural(count, 'call')} aside as dead letters: their work was never done, and no caller was told.`,
      cure: 'Someone must look into them and send them again; the result file names the first of them (trials[].ledgers[].examples).',
    },
  ];
}

function ledgersOf(row: ResultRow): Ledger[] {
  return [...timedTrials(row), ...row.count].flatMap((t) => (isWorkKnown(t) ? t.ledgers : []));
}

function faultMissed(row: ResultRow): Warning[] {
  return [...row.outage, ...row.middle].flatMap((trial) => {
    const seen = isFaultSeen(trial);
    if (seen && trial.coupling) return [];
    const isMiddle = isUsedFor(trial.kind, 'broker-coupling');
    const why = seen
      ? `no call was intended while the ${isMiddle ? 'broker' : 'callee'} was down`
      : 'it was planned, but not seen to happen';
    return [
      {
        code: 'fault-missed',
        text: `${row.pattern.title}: the fault${isMiddle ? ' of its broker' : ''} hit nothing (${why}), so its coupling is not known.`,
        cure: `Run again; a longer outage (--set ${fieldOf(trial.kind)}.forMs=8s) or a higher --rate meets more calls.`,
      },
    ];
  });
}

function oddSamples(row: ResultRow): Warning[] {
  const odd = [...row.response.rounds, ...row.completion.rounds].reduce(
    (n, series) => n + series.nonPositive,
    0,
  );
  if (odd === 0) return [];
  return [
    {
      code: 'clock',
      text: `${row.pattern.title}: ${plural(odd, 'sample')} of zero or less; they are counted as 1 µs.`,
      cure: "The machine's clock is not the same on all cores; use another clock source.",
    },
  ];
}

function unlikeWaits(rows: readonly ResultRow[]): Warning[] {
  const measured = rows.filter((row) => row.latency.length > 0);
  const reply = measured.filter((row) => row.waitsFor === 'reply').map((row) => row.pattern.title);
  const confirm = measured.filter((row) => row.waitsFor === 'confirm').map((row) => row.pattern.title);
  if (reply.length === 0 || confirm.length === 0) return [];
  return [
    {
      code: 'reply-path',
      text: `"Caller waits" is not one thing here: ${reply.join(', ')} ${reply.length === 1 ? 'waits' : 'wait'} for the answer, ${confirm.join(', ')} only for the broker's confirm, before the work is done.`,
      cure: measured.every((row) => row.firstItem.merged)
        ? 'Compare "first item" and "gap off plan" between them.'
        : measured.every((row) => row.completion.merged)
          ? 'Compare "work done" between them.'
          : 'Do not compare them: when the work of a target is done is not known.',
    },
  ];
}

function spreadUnknown(rows: readonly ResultRow[]): Warning[] {
  const single = rows.filter((row) => row.latency.length === 1).map((row) => row.name);
  if (single.length === 0) return [];
  return [
    {
      code: 'spread-unknown',
      text: `${single.join(', ')}: spread unknown. One round tells nothing of how much these figures vary by themselves.`,
      cure: 'Run with --rounds 5 or more.',
    },
  ];
}

function trialName(trial: Trial): string {
  return kindByName(trial.kind).words.report(trial);
}

/** Trials of faults; more of them are counted. */
const MOST_NAMED = 3;

function trialList(trials: readonly Trial[]): string {
  const rounds = trials.filter((t) => isUsedFor(t.kind, 'latency')).map((t) => t.round);
  const others = trials.filter((t) => !isUsedFor(t.kind, 'latency')).map(trialName);
  const faulted = trials.filter(({ kind }) => isUsedFor(kind, 'fault', 'control')).length;
  if (faulted > MOST_NAMED) return `${faulted} trials with faults or their controls`;
  return [
    ...(rounds.length > 0
      ? [`${rounds.length === 1 ? 'round' : 'rounds'} ${rounds.toSorted((a, b) => a - b).join(', ')}`]
      : []),
    ...new Set(others),
  ].join(' and ');
}
