import { parentPort } from 'node:worker_threads';
import { NS_PER_MS, nowNs } from '../../kernel/clock.ts';
import { AHEAD_NS, CELL, MODE, type PacerTask } from './pacer-cells.ts';
import { tightenTimers } from './timer-slack.ts';

/**
 * The pacer's thread: sleeps to the instant of the next arrival and wakes the generator's loop, if
 * that waits. It blocks while it follows a task, so nothing else may run in this thread.
 */

/**
 * Least interval between wake-ups. Each costs some 60 µs of the machine, which the service needs at high rates. From
 * 2,500/s on, arrivals share wake-ups and are up to this late.
 */
const COALESCE_NS = 0.4 * NS_PER_MS;

tightenTimers();
parentPort!.on('message', follow);

function follow({ cells, instantsNs }: PacerTask): void {
  let next = 0;
  let notBeforeNs = 0;
  while (next < instantsNs.length) {
    Atomics.wait(cells, CELL.mode, MODE.calm);
    if (Atomics.load(cells, CELL.mode) === MODE.over) return;
    next = Math.max(next, Atomics.load(cells, CELL.started));
    const dueNs = Math.max(instantsNs[next] ?? Infinity, notBeforeNs);
    const gapNs = dueNs - AHEAD_NS - nowNs();
    // Ends early when the mode changes; then, and where the loop started the arrival by itself, check again.
    if (gapNs > 0 && Atomics.wait(cells, CELL.mode, MODE.busy, gapNs / NS_PER_MS) !== 'timed-out') continue;
    if (Atomics.load(cells, CELL.started) > next) continue;
    notBeforeNs = nowNs() + COALESCE_NS;
    if (Atomics.exchange(cells, CELL.waiting, 0) === 0) continue;
    parentPort!.postMessage(null);
    // Subtle: only this one is certain to be dispatched. Skipping one that the loop did not await yet, or the next one
    // just ahead, would leave the loop waiting for it; for the last one, for ever.
    next++;
  }
}
