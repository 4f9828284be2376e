import { oneSidedOf } from '../../measure/stats/one-sided.ts';
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

/** Logarithms of the ratios that count, and the pairs that do not. */
export function usedPairs(pairs: readonly ComparedPair[]): { logs: number[]; excluded: ExcludedPair[] } {
  const isStruck = oneSidedOf(pairs.map(noiseOf));
  const logs: number[] = [];
  const excluded: ExcludedPair[] = [];
  for (const [i, { round, file, value, trials }] of pairs.entries()) {
    if (!('log' in value)) excluded.push({ round, file, ...value });
    else if (!isStruck[i]!) logs.push(value.log);
    else excluded.push({ round, file, side: null, why: { code: 'one-sided', ...noiseOf({ trials }) } });
  }
  return { logs, excluded };
}

function noiseOf({ trials: { baseline, candidate } }: Pick<ComparedPair, 'trials'>) {
  return { baseline: takenByOthers(baseline), candidate: takenByOthers(candidate) };
}

/** Share of all cores; zero where it is unknown, as on both sides then. */
function takenByOthers(trial: Trial | undefined): number {
  return (trial?.machine.others ?? 0) + (trial?.machine.steal ?? 0);
}

function trialsOf(lines: readonly PatternSide[], { result }: NamedResult): Trial[] {
  return lines.filter((line) => line.result === result).flatMap(comparedTrials);
}
