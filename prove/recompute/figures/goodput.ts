import type { StoredTrial } from '../pages/stored.ts';
import * as write from '../pages/written.ts';
import { NOTHING, type OwnCell } from '../rule.ts';
import { cell } from './cells.ts';
import { addUp, phasesOf, plannedIn, secondsOf } from './patterns.ts';

/** Calls of use, per second of intended time; below it their share where it is not the whole. */
export function goodputCell(trials: readonly StoredTrial[], of: 'correct' | 'doneInTime'): OwnCell {
  const phases = phasesOf(trials);
  const planned = plannedIn(phases);
  if (planned === 0) return NOTHING;
  const good = addUp(phases, (phase) => phase[of]);
  return cell(write.rate(good / secondsOf(phases)), good < planned ? write.share(good / planned) : null);
}
