import { type ChildProcess, spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/**
 * Other programs: one process a core, busy for a while and idle for a while, so that together they take about this share
 * of all cores. Lengths are drawn anew each time (exponential, a tenth of a second busy at the mean), as those of programs
 * that somebody works with.
 */
const PROGRAM = `
const share = Number(process.argv[1]);
const drawn = (meanMs) => -Math.log(1 - Math.random()) * meanMs;
const BUSY_MS = 100;
function again() {
  const endMs = performance.now() + drawn(BUSY_MS);
  while (performance.now() < endMs);
  setTimeout(again, drawn((BUSY_MS * (1 - share)) / share));
}
process.stdin.resume().once('end', () => process.exit());
again();
`;

/** Disposing ends them; they also end with this process. */
export function startOthers(share: number): Disposable {
  const all = Array.from({ length: availableParallelism() }, (): ChildProcess => {
    return spawn(process.execPath, ['-e', PROGRAM, String(share)], { stdio: ['pipe', 'ignore', 'inherit'] });
  });
  return { [Symbol.dispose]: () => all.forEach((child) => child.kill('SIGKILL')) };
}
