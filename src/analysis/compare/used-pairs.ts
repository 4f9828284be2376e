import { oneSidedOf, type PairNoise } from '../../measure/stats/one-sided.ts';
import type { Trial } from '../../record/record.ts';
import type { ExcludedPair, NamedResult } from './comparison.ts';
import { comparedTrials, type MatchedPattern, type PatternSide } from './matched-patterns.ts';
import { type GateKind, type PairValue, pairValue, type TrialPair } from './pair.ts';
import type { Interleaved } from './twins.ts';

/** Two trials of one round with their value. */
interface ComparedPair extends Pick<ExcludedPair, 'round' | 'file'> {
  readonly trials: TrialPair;
  readonly value: PairValue;
}

/** Every pair of an interleaved comparison, round by round. */
export function pairsOf(
  line: MatchedPattern,
  { how, twins }: Interleaved,
  kind: GateKind,
): readonly ComparedPair[] {
  return twins.flatMap((twin) => {
    const baseline = trialsOf(line.baseline, twin.baseline);
    const candidate = trialsOf(line.candidate, twin.candidate);
    const rounds = [...new Set([...baseline, ...candidate].map(({ round }) => round))];
    return rounds
      .toSorted((a, b) => a - b)
      .map((round) => {
        const at = (trials: readonly Trial[]) => trials.find((trial) => trial.round === round);
        const trials = { baseline: at(baseline), candidate: at(candidate) };
        const file = twins.length > 1 ? twin.baseline.file : null;
        return { round, file, trials, value: pairValue(trials, kind, how) };
      });
  });
}

/** The values that count, and the pairs that do not. */
export function usedPairs(pairs: readonly ComparedPair[]): { values: number[]; excluded: ExcludedPair[] } {
  const struck = struckPairs(pairs.filter(({ value }) => 'value' in value));
  const values: number[] = [];
  const excluded: ExcludedPair[] = [];
  for (const pair of pairs) {
    const { round, file, value } = pair;
    const noise = struck.get(pair);
    if (!('value' in value)) excluded.push({ round, file, ...value });
    else if (noise === undefined) values.push(value.value);
    else excluded.push({ round, file, side: null, why: { code: 'one-sided', ...noise } });
  }
  return { values, excluded };
}

/** Pairs in which other programs struck one side alone, among those whose noise is known on both. */
function struckPairs(pairs: readonly ComparedPair[]): Map<ComparedPair, PairNoise> {
  const known = pairs.flatMap((pair) => {
    const [baseline, candidate] = [takenFrom(pair.trials.baseline), takenFrom(pair.trials.candidate)];
    return baseline === null || candidate === null ? [] : [[pair, { baseline, candidate }] as const];
  });
  const isStruck = oneSidedOf(known.map(([, noise]) => noise));
  return new Map(known.filter((_, i) => isStruck[i]));
}

/** Share of all cores that other programs and other guests took; null: unknown. */
function takenFrom(trial: Trial | undefined): number | null {
  const { others = null, steal = null } = trial?.machine ?? {};
  return others === null ? null : others + (steal ?? 0);
}

function trialsOf(lines: readonly PatternSide[], { result }: NamedResult): Trial[] {
  return lines.filter((line) => line.result === result).flatMap(comparedTrials);
}
