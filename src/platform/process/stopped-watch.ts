import { sendSignal } from './ending.ts';
import { isProcessStopped } from './proc.ts';

const LOOK_EVERY_MS = 500;
/** Looks in a row at which it is stopped, before that counts. */
const MOST_LOOKS = 4;
/** Finding the processes may walk all of the system's: not for each look. */
const LIST_EVERY = 10;

/**
 * Watches processes that are to end with a run. Calls back once, with the words for it, when one stood still for 2 s; it
 * goes on then, as a stopped process ends only by force. Disposing ends the watch.
 * @param pids asked for at each tenth look
 */
export function watchStopped(pids: () => readonly number[], stoodStill: (words: string) => void): Disposable {
  let looks = 0;
  let turn = 0;
  let listed: readonly number[] = [];
  const timer = setInterval(() => {
    if (turn++ % LIST_EVERY === 0) listed = pids();
    const stopped = listed.filter((pid) => isProcessStopped(pid) === true);
    looks = stopped.length > 0 ? looks + 1 : 0;
    if (looks < MOST_LOOKS) return;
    clearInterval(timer);
    for (const pid of stopped) sendSignal(pid, 'SIGCONT');
    stoodStill(`(pid ${stopped.join(', ')}) stood still for ${(MOST_LOOKS * LOOK_EVERY_MS) / 1000} s`);
  }, LOOK_EVERY_MS);
  return { [Symbol.dispose]: () => clearInterval(timer) };
}
