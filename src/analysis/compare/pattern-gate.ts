import { assessPairs, assessShares } from '../../measure/stats/gate.ts';
import { assessUnpaired } from '../../measure/stats/unpaired.ts';
import { isDoneByReply } from '../patterns/evidence.ts';
import type { ComparedSide, ExcludedPair, PrimaryGate, ShareGate, TimeGate } from './comparison.ts';
import type { ShareKind } from './fault-figures.ts';
import { comparedTrials, isFaulted, type PatternSide, type MatchedPattern } from './matched-patterns.ts';
import { type GateKind, isShareKind, medianOfTrial, type TimeKind } from './pair.ts';
import { absoluteMedian } from '../patterns/side-by-side.ts';
import { pairsOf, usedPairs } from './used-pairs.ts';
import { SESSION_NOISE } from './session-noise.ts';
import type { Interleaved } from './twins.ts';

/**
 * The one figure by which a pattern is compared. Without faults: response time where the reply follows the work, else
 * completion time; a target without an effect log is compared by acceptance. With faults: calls that succeed.
 */
export function gateKindOf({ baseline, candidate }: MatchedPattern): GateKind {
  const lines = [...baseline, ...candidate];
  const isKnown = lines.every((line) => comparedTrials(line).every(({ evidence }) => evidence !== 'none'));
  // Two patterns of which only one replies have the completion alone in common.
  const isReplied = lines.every(({ pattern }) => isDoneByReply(pattern.record));
  const isByReply = isReplied || !isKnown;
  if (lines.every(isFaulted)) return isByReply ? 'correct' : 'doneInTime';
  return isByReply ? 'response' : 'completion';
}

export function gateOf(line: MatchedPattern, interleaved: Interleaved, margin: number): PrimaryGate {
  const kind = gateKindOf(line);
  if (isShareKind(kind)) return shareGate(line, interleaved, { kind, margin });
  const found =
    interleaved.how === 'unpaired'
      ? unpairedGate(line, kind, margin)
      : pairedGate(line, interleaved, { kind, margin });
  return { figure: TIMES[kind], ...found };
}

const TIMES = { response: 'response p50', completion: 'completion p50' } as const;
const SHARES = {
  correct: 'correct from the fault on',
  doneInTime: 'done in time from the fault on',
} as const;

type Found = Omit<TimeGate, 'figure'>;

interface How<Kind> {
  readonly kind: Kind;
  readonly margin: number;
}

function pairedGate(line: MatchedPattern, interleaved: Interleaved, { kind, margin }: How<TimeKind>): Found {
  const { values, ...used } = valuesOf(line, interleaved, kind);
  return { ...assessPairs(values, margin, mostPairsOf(interleaved)), ...used };
}

function shareGate(
  line: MatchedPattern,
  interleaved: Interleaved,
  { kind, margin }: How<ShareKind>,
): ShareGate {
  const { values, ...used } = valuesOf(line, interleaved, kind);
  return { figure: SHARES[kind], ...assessShares(values, margin, mostPairsOf(interleaved)), ...used };
}

/** The values of pairs; runs that were not interleaved have none. */
function valuesOf(line: MatchedPattern, { how, twins }: Interleaved, kind: GateKind) {
  const { values, excluded } = usedPairs(pairsOf(line, { how, twins }, kind));
  return { values, used: { baseline: values.length, candidate: values.length }, excluded };
}

function mostPairsOf({ twins }: Interleaved): number {
  return twins.reduce((sum, { baseline }) => sum + baseline.result.scenario.rounds, 0);
}

interface UsedSide {
  /** Runs that have any usable round. */
  readonly lines: readonly PatternSide[];
  /** Log of the medians of each run, round by round; runs without any are omitted. */
  readonly sessions: readonly (readonly number[])[];
  readonly excluded: readonly ExcludedPair[];
  readonly used: number;
}

/** For runs that were not interleaved: no interim analyses were planned, and there are no pairs. */
function unpairedGate(line: MatchedPattern, kind: TimeKind, margin: number): Found {
  const [baseline, candidate] = [
    sideOf(line.baseline, 'baseline', kind),
    sideOf(line.candidate, 'candidate', kind),
  ];
  return {
    ...assessUnpaired(baseline.sessions, candidate.sessions, {
      known: SESSION_NOISE,
      isMixed: isByTurns({ baseline: baseline.lines, candidate: candidate.lines }),
      margin,
    }),
    used: { baseline: baseline.used, candidate: candidate.used },
    excluded: [...baseline.excluded, ...candidate.excluded],
  };
}

function sideOf(lines: readonly PatternSide[], side: ComparedSide, kind: TimeKind): UsedSide {
  const excluded: ExcludedPair[] = [];
  const all = lines.map((line) =>
    comparedTrials(line).flatMap((trial) => {
      const median = medianOfTrial(trial, kind, absoluteMedian);
      if (median.state === 'usable') return [Math.log(median.us)];
      const file = lines.length > 1 ? line.file : null;
      excluded.push({ round: trial.round, file, side, why: median.why });
      return [];
    }),
  );
  const sessions = all.filter((logs) => logs.length > 0);
  const usable = lines.filter((_, i) => all[i]!.length > 0);
  return { lines: usable, sessions, excluded, used: sessions.flat().length };
}

/** Each run is adjacent in time to one of the other side, so that drift affects both. */
function isByTurns({ baseline, candidate }: MatchedPattern): boolean {
  const startMs = ({ result }: PatternSide) => Date.parse(result.startedAt);
  const all = [...baseline, ...candidate].toSorted((one, other) => startMs(one) - startMs(other));
  const isOther = (line: PatternSide | undefined, isBaseline: boolean) =>
    line !== undefined && baseline.includes(line) !== isBaseline;
  return all.every((line, i) => {
    const isBaseline = baseline.includes(line);
    return isOther(all[i - 1], isBaseline) || isOther(all[i + 1], isBaseline);
  });
}
