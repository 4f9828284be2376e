import { judgePairs } from '../../measure/stats/gate.ts';
import { judgeApart } from '../../measure/stats/unpaired.ts';
import { isDoneByReply } from '../patterns/evidence.ts';
import type { Trial } from '../../record/record.ts';
import type { ExcludedPair, Gate, NamedResult, Side } from './comparison.ts';
import { comparedTrials, type Line, type MatchedLine } from './lines.ts';
import { type GateKind, medianOf, pairValue } from './pair.ts';
import { SESSION_NOISE } from './session-noise.ts';
import type { Interleaved } from './twins.ts';

/**
 * The one figure by which a row is judged: what the caller waits where the callee answers when it is done, else when the work is done;
 * of a target that keeps no log of its effects, when it was accepted.
 */
export function gateKindOf({ baseline, candidate }: MatchedLine): GateKind {
  const lines = [...baseline, ...candidate];
  const isKnown = lines.every(({ row }) => row.latency.every(({ evidence }) => evidence !== 'none'));
  const isReplied = lines.some(({ row }) => isDoneByReply(row.pattern));
  return isReplied || !isKnown ? 'response' : 'completion';
}

export function gateOf(line: MatchedLine, interleaved: Interleaved, margin: number): Gate {
  const kind = gateKindOf(line);
  const figure = kind === 'response' ? 'response p50' : 'completion p50';
  const found =
    interleaved.how === 'unpaired'
      ? unpairedGate(line, kind, margin)
      : pairedGate(line, interleaved, { kind, margin });
  return { figure, ...found };
}

type Found = Omit<Gate, 'figure'>;

function pairedGate(
  line: MatchedLine,
  { how, twins }: Interleaved,
  { kind, margin }: { readonly kind: GateKind; readonly margin: number },
): Found {
  const logs: number[] = [];
  const excluded: ExcludedPair[] = [];
  for (const twin of twins) {
    const [baseline, candidate] = [
      trialsOf(line.baseline, twin.baseline),
      trialsOf(line.candidate, twin.candidate),
    ];
    for (const round of roundsOf([...baseline, ...candidate])) {
      const at = (trials: readonly Trial[]) => trials.find((trial) => trial.round === round);
      const value = pairValue({ baseline: at(baseline), candidate: at(candidate) }, kind, how);
      if ('log' in value) logs.push(value.log);
      else excluded.push({ round, file: twins.length > 1 ? twin.baseline.file : null, ...value });
    }
  }
  const mostPairs = twins.reduce((sum, { baseline }) => sum + baseline.result.scenario.rounds, 0);
  return {
    ...judgePairs(logs, margin, mostPairs),
    used: { baseline: logs.length, candidate: logs.length },
    excluded,
  };
}

function trialsOf(lines: readonly Line[], { result }: NamedResult): Trial[] {
  return lines.filter((line) => line.result === result).flatMap(comparedTrials);
}

function roundsOf(trials: readonly Trial[]): number[] {
  return [...new Set(trials.map(({ round }) => round))].toSorted((a, b) => a - b);
}

interface UsedSide {
  /** Runs that have any usable round. */
  readonly lines: readonly Line[];
  /** Log of the medians of each run, round by round; runs without any are not there. */
  readonly sessions: readonly (readonly number[])[];
  readonly excluded: readonly ExcludedPair[];
  readonly used: number;
}

/** Of runs that were not interleaved: no looks were planned, and pairs there are none. */
function unpairedGate(line: MatchedLine, kind: GateKind, margin: number): Found {
  const [baseline, candidate] = [
    sideOf(line.baseline, 'baseline', kind),
    sideOf(line.candidate, 'candidate', kind),
  ];
  return {
    ...judgeApart(baseline.sessions, candidate.sessions, {
      known: SESSION_NOISE,
      isMixed: isByTurns({ baseline: baseline.lines, candidate: candidate.lines }),
      margin,
    }),
    used: { baseline: baseline.used, candidate: candidate.used },
    excluded: [...baseline.excluded, ...candidate.excluded],
  };
}

function sideOf(lines: readonly Line[], side: Side, kind: GateKind): UsedSide {
  const excluded: ExcludedPair[] = [];
  const all = lines.map((line) =>
    comparedTrials(line).flatMap((trial) => {
      const median = medianOf(trial, kind);
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

/** Beside each run, before or after it, is one of the other side: what changes in between strikes both. */
function isByTurns({ baseline, candidate }: MatchedLine): boolean {
  const startMs = ({ result }: Line) => Date.parse(result.startedAt);
  const all = [...baseline, ...candidate].toSorted((one, other) => startMs(one) - startMs(other));
  const isOther = (line: Line | undefined, isBaseline: boolean) =>
    line !== undefined && baseline.includes(line) !== isBaseline;
  return all.every((line, i) => {
    const isBaseline = baseline.includes(line);
    return isOther(all[i - 1], isBaseline) || isOther(all[i + 1], isBaseline);
  });
}
