const POLL_MS = 200;

/**
 * Calls back once when the parent of this process is another than at the start. A SIGTERM to npx ends npx
 * alone, without a word to what it started: a new parent is all that can be seen of it from here.
 * @param {() => void} onGone
 */
export function watchParent(onGone) {
  const first = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === first) return;
    clearInterval(timer);
    onGone();
  }, POLL_MS);
  timer.unref();
}
