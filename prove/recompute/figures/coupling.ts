import type { StoredPhase, StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell } from '../rule.ts';
import { cell } from './cells.ts';
import { addUp, doneTrials, isAnswered, type PatternLine } from './patterns.ts';
import { isCountable } from './medians.ts';

const TIGHT_BELOW = 0.5;
const LOOSE_FROM = 0.99;

/** The phases in which the service, or the broker, was down as it was observed. */
export function outagePhases(trials: readonly StoredTrial[]): StoredPhase[] {
  return trials.flatMap(({ phases }) => phases.filter(({ name }) => name === 'outage'));
}

/** Calls due in the outages, from the phases themselves: served is correct within the deadline. */
export function countsOf(trials: readonly StoredTrial[]) {
  const phases = outagePhases(trials);
  return {
    intended: addUp(phases, ({ planned }) => planned),
    served: addUp(phases, ({ correct }) => correct),
    finallyDone: addUp(phases, ({ done }) => done),
  };
}

/** Null: no call was due. */
export function couplingWord(trials: readonly StoredTrial[]): string | null {
  const { intended, served, finallyDone } = countsOf(trials);
  if (intended === 0) return null;
  if (served / intended < TIGHT_BELOW) return 'tight';
  return Math.min(served, finallyDone) / intended >= LOOSE_FROM ? 'loose' : 'partial';
}

export function shareCell(trials: readonly StoredTrial[], of: 'served' | 'finallyDone'): OwnCell {
  const counts = countsOf(trials);
  if (counts.intended === 0) return NOTHING;
  return cell(write.share(counts[of] / counts.intended), `of ${write.count(counts.intended)}`);
}

/** `0.0 % served, 98.2 % done`; null: nothing was due. */
export function sharesText(line: PatternLine, kind: string): string | null {
  const { intended, served, finallyDone } = countsOf(doneTrials(line, kind));
  if (intended === 0) return null;
  const word = isAnswered(line.pattern.interaction) ? 'served' : 'accepted';
  return `${write.share(served / intended)} ${word}, ${write.share(finallyDone / intended)} done`;
}

/** The coupling that all trials of the outage agree on and that may be counted; undefined: inconclusive. */
export function knownCoupling(line: PatternLine, kind: string): string | undefined {
  const trials = doneTrials(line, kind);
  const { deadlineMs } = line.record.scenario;
  const hasFailed = line.trials.some((trial) => trial.kind === kind && trial.state === 'failed');
  const isSeen = trials.every(
    (trial) =>
      isCountable(trial, deadlineMs, outagePhases([trial])) &&
      trial.faults.length > 0 &&
      trial.faults.every(({ injectedNs, observedNs }) => injectedNs !== null && observedNs !== null),
  );
  if (hasFailed || !isSeen || line.pattern.target != null) return undefined;
  const words = new Set(trials.flatMap((trial) => couplingWord([trial]) ?? []));
  return words.size === 1 ? [...words][0] : undefined;
}
