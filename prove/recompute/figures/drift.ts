import type { StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { type MedianOf, ratiosInRounds } from './medians.ts';
import { doneTrials, type PatternLine } from './patterns.ts';
import { printable, type Samples, together } from './samples.ts';
import { hasTrend } from './trend.ts';

/** Patterns in no steady state: a figure rises or falls from round to round. They are neither ranked nor averaged. */

type DriftFigure = 'completion' | 'serviceUs' | 'brokerUs';

interface Drift {
  readonly figure: DriftFigure;
  readonly first: number;
  readonly last: number;
}

/** Shared among the three figures. */
const ERROR = 0.05 / 3;
const LEAST_CHANGE = 0.1;

const known = new WeakMap<readonly StoredTrial[], readonly Drift[]>();

export function driftsOf(line: PatternLine): readonly Drift[] {
  const found = known.get(line.trials) ?? driftsIn(doneTrials(line, 'latency'));
  known.set(line.trials, found);
  return found;
}

export function isDrifting(line: PatternLine): boolean {
  return driftsOf(line).length > 0;
}

/** Rounds of one variant are alike. */
function driftsIn(trials: readonly StoredTrial[]): Drift[] {
  const groups = Map.groupBy(trials, ({ variant }) => variant ?? null);
  return [...groups.values()].flatMap((group) => {
    const rounds = group.toSorted((a, b) => a.round - b.round);
    return (['completion', 'serviceUs', 'brokerUs'] as const).flatMap((figure): Drift[] => {
      const values = rounds.flatMap((trial) => valueOf(trial, figure) ?? []).filter((value) => value > 0);
      if (!hasTrend(values, ERROR, LEAST_CHANGE)) return [];
      return [{ figure, first: values[0]!, last: values.at(-1)! }];
    });
  });
}

function valueOf(trial: StoredTrial, figure: DriftFigure): number | null | undefined {
  return figure === 'completion' ? completionUs(trial) : trial.cost[figure];
}

/** Of a backlog it grows for another reason; one that the generator made late is not the pattern's. */
function completionUs({ validity, load, evidence, phases }: StoredTrial): number | undefined {
  if (validity.verdict === 'incomplete' || validity.boundQuantiles.includes(0.5)) return undefined;
  if (load.verdict === 'saturated' || evidence === 'none') return undefined;
  return printable(together(phases.map(({ completion }) => completion)), 0.5);
}

/** `3.10 ms → 2.02 ms`: of the first round and of the last. */
export function driftText(rounds: readonly Samples[], q: number): string {
  const [first, last] = [rounds[0], rounds.at(-1)].map((samples) => printable(samples ?? null, q));
  return first === undefined || last === undefined ? 'drifting' : `${write.us(first)} → ${write.us(last)}`;
}

/** Ratios of medians in the same rounds; none where one of both is drifting. */
export function ratiosBeside(line: PatternLine, other: PatternLine | undefined, of: MedianOf): number[] {
  if (!other || isDrifting(line) || isDrifting(other)) return [];
  return ratiosInRounds(doneTrials(line, 'latency'), doneTrials(other, 'latency'), of);
}
