import { readFileSync } from 'node:fs';

const POLL_MS = 200;

/**
 * Calls back once when whoever started this process is gone. A signal to npx often ends npx alone, without a
 * word to what it started: a new parent is all that can be seen of it from here.
 * @param {() => void} onGone
 */
export function watchParent(onGone) {
  const first = ancestors();
  const timer = setInterval(() => {
    if (ancestors() === first) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
}

/**
 * npm puts a shell between itself and the program, which outlives a kill -9 of npm: there the shell's parent
 * counts too. Nowhere else, as a script that is started with nohup may outlive its own parent.
 */
function ancestors() {
  const parent = process.ppid;
  return process.env['npm_command'] === undefined ? `${parent}` : `${parent} ${parentOf(parent)}`;
}

/**
 * @param {number} pid
 * @returns {string | undefined} where there is no /proc (macOS), nothing can be seen of it
 */
function parentOf(pid) {
  try {
    return /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  } catch {
    return undefined;
  }
}
