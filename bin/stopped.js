import { readFileSync } from 'node:fs';

const POLL_MS = 1000;
/** Looks in a row at which it is stopped: a person who stops a process by hand continues it sooner. */
const MOST_LOOKS = 10;

/**
 * Calls back once when a process was stopped for ten seconds in which this one ran. Ctrl-Z stops both, and is a pause
 * that may last.
 * @param {number} pid
 * @param {() => void} onStopped
 */
export function watchStopped(pid, onStopped) {
  let looks = 0;
  const timer = setInterval(() => {
    looks = isStopped(pid) ? looks + 1 : 0;
    if (looks < MOST_LOOKS) return;
    clearInterval(timer);
    onStopped();
  }, POLL_MS);
  timer.unref();
}

/** @param {number} pid */
function isStopped(pid) {
  try {
    return /^State:\s+T/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // Where there is no /proc (macOS), nothing can be seen of it.
    return false;
  }
}
