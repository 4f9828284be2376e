import { frozenQuantileMs } from './schedule-error.ts';
import { formatUs, plural, quantileName } from '../../src/report/format.ts';
import { dueOf, figureOf, midpointOf, turnsOf } from './middle.ts';
import type { BenchRecord, Turn, Work } from './record.ts';

/** Fixed beforehand; printed with the table. */
export const LIMITS = {
  /** Arrivals or samples that lack, or are too many, past one for each connection: some begin with a request on each. */
  countShare: 0.02,
  /** What is off by more than this, and by so many times what the best tool of the run is: a busy machine makes all late. */
  bestFactor: 3,
  /** Half of the requests off their schedule: there is none. */
  errorP50Ms: 2,
  /** Its tail. */
  errorP99Ms: 10,
  /** p50 of held answers off the hold. */
  processingMs: 1,
  /** Latencies of a freeze against what it made callers wait. */
  hiddenShare: 0.5,
  exaggeratedShare: 1.5,
} as const;

/** Something wrong with a tool. */
export interface Fault {
  /** In which of the works. */
  readonly work: Work;
  readonly what: string;
}

/** What was found wrong with a tool; empty: nothing. Medians over the rounds. */
export function faultsOf(record: BenchRecord, tool: string): Fault[] {
  return record.works.flatMap((work) => {
    const turns = turnsOf(record, work, tool);
    const words = [
      ...(turns.length === 0 ? [] : wordsOf(record, work, turns)),
      ...failureWords(record, work, tool),
    ];
    return words.map((what) => ({ work, what }));
  });
}

function wordsOf(record: BenchRecord, work: Work, turns: readonly Turn[]): string[] {
  switch (work.kind) {
    case 'rate':
      return [...countWords(record, work, turns), ...scheduleWords(record, work, turns)];
    case 'freeze':
      return [...countWords(record, work, turns), ...freezeWords(work, turns)];
    case 'hold':
      return [...countWords(record, work, turns), ...holdWords(record, work, turns)];
    case 'one':
      return [];
  }
}

function countWords({ connections }: BenchRecord, work: Work, turns: readonly Turn[]): string[] {
  const due = dueOf(work);
  const seen = midpointOf(turns, figureOf.seen)?.value;
  const recorded = midpointOf(turns, figureOf.recorded)?.value;
  const errors = midpointOf(turns, (turn) => turn.said?.errors)?.value ?? 0;
  const isOff = (found: number, expected: number): boolean =>
    Math.abs(found - expected) > LIMITS.countShare * expected + connections;
  const words: string[] = [];
  if (seen !== undefined && isOff(seen, due)) words.push(`sends ${compared(seen, due)} were due`);
  // What it did not send it can't record: only what it loses, or makes up, beyond that.
  if (seen !== undefined && recorded !== undefined && isOff(recorded, seen)) {
    words.push(`records ${compared(recorded, seen)} it sent`);
  }
  if (errors > 0) words.push(`${plural(errors, 'request')} failed`);
  return words;
}

function compared(found: number, expected: number): string {
  if (found > 2 * expected) return `${(found / expected).toFixed(1)}× as many as`;
  const percent = (100 * Math.abs(found - expected)) / expected;
  return `${Math.round(percent)} % ${found < expected ? 'fewer' : 'more'} than`;
}

type Figure = (turn: Turn) => number | undefined;

/** The figure, where it is beyond its limit and the best tool's is far from it. */
function tooFar(
  record: BenchRecord,
  work: Work,
  { figure, limit }: { readonly figure: Figure; readonly limit: number },
  turns: readonly Turn[],
): { readonly ms: number; readonly bestMs: number } | undefined {
  const ms = midpointOf(turns, figure)?.value;
  const all = record.tools.flatMap(
    ({ name }) => midpointOf(turnsOf(record, work, name), figure)?.value ?? [],
  );
  const bestMs = Math.min(...all);
  return ms !== undefined && ms > limit && ms > LIMITS.bestFactor * bestMs ? { ms, bestMs } : undefined;
}

function scheduleWords(record: BenchRecord, work: Work, turns: readonly Turn[]): string[] {
  const half = tooFar(record, work, { figure: figureOf.error(0.5), limit: LIMITS.errorP50Ms }, turns);
  if (half) return [`keeps no schedule: half of its requests are more than ${text(half.ms)} off`];
  const tail = tooFar(record, work, { figure: figureOf.error(0.99), limit: LIMITS.errorP99Ms }, turns);
  if (!tail) return [];
  return [
    `1 % of its requests are more than ${text(tail.ms)} off schedule, the best tool's ${text(tail.bestMs)}`,
  ];
}

function freezeWords(work: Work, turns: readonly Turn[]): string[] {
  return [0.9, 0.99].flatMap((quantile) => {
    const says = midpointOf(turns, figureOf.says(quantile))?.value;
    const truth = truthMs(work, turns, quantile);
    if (says === undefined || !truth) return [];
    const ratio = says / truth;
    if (ratio >= LIMITS.hiddenShare && ratio <= LIMITS.exaggeratedShare) return [];
    const verb = ratio < 1 ? 'hides' : 'exaggerates';
    return [`${verb} the freeze: ${quantileName(quantile)} ${text(says)}, truth ${text(truth)}`];
  });
}

/** What the freeze, as long as it really was, made callers wait at this quantile. */
export function truthMs(work: Work, turns: readonly Turn[], quantile: number): number | undefined {
  const frozen = midpointOf(turns, (turn) => turn.seen?.frozenMs)?.value;
  return frozen === undefined ? undefined : frozenQuantileMs(quantile, frozen, work.seconds * 1000);
}

function holdWords(record: BenchRecord, work: Work, turns: readonly Turn[]): string[] {
  if (!tooFar(record, work, { figure: offHold, limit: LIMITS.processingMs }, turns)) return [];
  const says = midpointOf(turns, figureOf.says(0.5))!.value;
  const held = midpointOf(turns, figureOf.held(0.5))!.value;
  return [`says p50 ${text(says)} of answers that were held ${text(held)}`];
}

function offHold(turn: Turn): number | undefined {
  const [says, held] = [figureOf.says(0.5)(turn), figureOf.held(0.5)(turn)];
  return says === undefined || held === undefined ? undefined : Math.abs(says - held);
}

function failureWords({ turns }: BenchRecord, work: Work, tool: string): string[] {
  const failed = turns.filter((turn) => turn.tool === tool && turn.work === work.id && turn.failure !== null);
  return failed.length === 0 ? [] : [`gave no figures (${failed.length}×): ${failed[0]!.failure}`];
}

function text(ms: number): string {
  return formatUs(ms * 1000);
}
