import { type Phase, shortfallIn } from '../../measure/figures/figures.ts';
import { mergeSeries, quantileUs } from '../../measure/figures/histogram.ts';
import { isMarkedAt } from '../../measure/validity/validity.ts';
import { quantileCell } from '../../measure/figures/percentile.ts';
import type { Trial } from '../../record/record.ts';
import type { Coded } from '../coded.ts';
import { isDrifting } from './drift.ts';
import type { PatternResult, SeriesKind } from './pattern-result.ts';

/** Reason why a median may not be compared. */
export type NoMedian =
  | { readonly code: 'not-valid'; readonly verdict: Trial['validity']['verdict'] }
  | { readonly code: 'few-in-block'; readonly atLeast: number }
  | Coded<
      | 'marked'
      | 'unsent'
      | 'no-effect-log'
      | 'not-measured'
      | 'too-few-calls'
      | 'saturated'
      | 'failing'
      | 'trial-missing'
      | 'trial-failed'
      | 'drifting'
    >;

/** A median that may be compared, or the reason why not. */
export type UsableMedian =
  | { readonly state: 'usable'; readonly us: number }
  | { readonly state: 'unusable'; readonly why: NoMedian };

/**
 * Median of a whole trial for a ratio within a round or a pair, of enough calls to be printed. A noisy machine is met by
 * both sides, and widens the interval over rounds; a median that the generator itself made late says nothing.
 */
export function usableMedian(trial: Trial, kind: SeriesKind): UsableMedian {
  const why = whyNot(trial, kind);
  if (why !== undefined) return unusable(why);
  const all = trial.phases.flatMap((phase) => phase[kind] ?? []);
  if (all.length === 0) return unusable({ code: 'not-measured' });
  const cell = quantileCell(mergeSeries(all), 0.5);
  return cell.state === 'known' ? { state: 'usable', us: cell.valueUs } : unusable({ code: 'too-few-calls' });
}

/** The same to be compared with other sessions, which did not meet the same noise: of a valid trial. */
export function absoluteMedian(trial: Trial, kind: SeriesKind): UsableMedian {
  const { verdict } = trial.validity;
  return verdict === 'valid' ? usableMedian(trial, kind) : unusable({ code: 'not-valid', verdict });
}

/** The same for a trial that kept up: saturated latencies are those of a growing backlog. */
export function comparableMedian(trial: Trial, kind: SeriesKind): UsableMedian {
  const code = shortfallIn(trial.load);
  return code ? unusable({ code }) : usableMedian(trial, kind);
}

/** Few calls, as in an idle block: the uncertainty of the median shows in the interval over the blocks. */
const BLOCK_CALLS = 10;

/** Median of one of several like phases of a trial. */
export function blockMedian(trial: Trial, phase: Phase | undefined, kind: 'completion'): UsableMedian {
  const why = whyNot(trial, kind);
  if (why !== undefined) return unusable(why);
  const code = shortfallIn(trial.load);
  if (code) return unusable({ code });
  // The median over all blocks is mostly that of the busy ones.
  if (phase && isMarkedAt([phase], 0.5)) return unusable({ code: 'marked' });
  const us = phase ? quantileUs(phase[kind], 0.5) : null;
  if (!phase || us === null || phase[kind].count < BLOCK_CALLS)
    return unusable({ code: 'few-in-block', atLeast: BLOCK_CALLS });
  return { state: 'usable', us };
}

function whyNot({ validity, evidence, phases }: Trial, kind: SeriesKind): NoMedian | undefined {
  const { verdict, boundQuantiles } = validity;
  if (verdict === 'incomplete') return { code: 'not-valid', verdict };
  if (boundQuantiles.includes(0.5)) return { code: 'marked' };
  if (phases.some(({ outcomes }) => (outcomes.unsent ?? 0) > 0)) return { code: 'unsent' };
  return kind === 'completion' && evidence === 'none' ? { code: 'no-effect-log' } : undefined;
}

export function unusable(why: NoMedian): UsableMedian {
  return { state: 'unusable', why };
}

export interface SameRound {
  readonly round: number;
  readonly us: number;
  readonly ofUs: number;
  /** us / ofUs */
  readonly ratio: number;
}

/** A round that is excluded because of this median. */
export interface ExcludedRound {
  readonly round: number;
  readonly name: string;
  readonly why: NoMedian;
}

export interface SideBySide {
  readonly rounds: readonly SameRound[];
  readonly excluded: readonly ExcludedRound[];
}

/** Medians of two patterns in the same rounds, of the rounds in which both may be compared. */
export function sideBySide(pattern: PatternResult, other: PatternResult, kind: SeriesKind): SideBySide {
  const drifting = [pattern, other].find(isDrifting);
  if (drifting) return { rounds: [], excluded: allRounds(pattern, drifting) };
  const rounds: SameRound[] = [];
  const excluded: ExcludedRound[] = [];
  for (const trial of pattern.trials.latency) {
    const { round } = trial;
    const beside = other.trials.latency.find((t) => t.round === round && t.variant === trial.variant);
    const [mine, its] = [comparableMedian(trial, kind), beside && comparableMedian(beside, kind)];
    if (mine.state === 'unusable') excluded.push({ round, name: pattern.name, why: mine.why });
    else if (its?.state !== 'usable') {
      excluded.push({ round, name: other.name, why: its?.why ?? { code: 'trial-missing' } });
    } else rounds.push({ round, us: mine.us, ofUs: its.us, ratio: mine.us / its.us });
  }
  return { rounds, excluded };
}

/** A ratio of a drifting pattern depends on the round: there is none of all rounds. */
function allRounds({ trials: { latency } }: PatternResult, { name }: PatternResult): ExcludedRound[] {
  return latency.map(({ round }) => ({ round, name, why: { code: 'drifting' } }));
}
