import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { statOf } from '../../src/platform/process/proc.ts';
import { plainEnv } from '../plain-env.ts';
import { caseOf, type Outcome } from './case.ts';

/** CPU time of a case: the largest shipped file takes about two seconds. */
const MOST_CPU_S = 20;
/** For one that waits, on a busy machine too. */
const LONGEST_S = 300;
const LOOK_EVERY_MS = 500;
const TICKS_PER_S = 100;
/** Of JavaScript's heap; a process of it takes some hundred MB more. */
const MOST_HEAP_MB = 512;

export type Ended = Outcome & { readonly peakMb: number | null };

type Line =
  | { readonly type: 'begun'; readonly id: number }
  | { readonly type: 'done'; readonly outcome: Outcome; readonly peakMb: number };

/**
 * Cases in a process of their own, with bounds of time and memory. One that ends it, or does not end, is an outcome too; the
 * next process goes on behind it.
 */
export async function* runRange(seed: number, from: number, to: number): AsyncGenerator<Ended> {
  for (let next = from; next < to;) {
    for await (const ended of runInChild(seed, next, to)) {
      yield ended;
      next = ended.id + 1;
    }
  }
}

async function* runInChild(seed: number, from: number, to: number): AsyncGenerator<Ended> {
  const args = [`--max-old-space-size=${MOST_HEAP_MB}`, path.join(import.meta.dirname, 'worker.ts')];
  const child = spawn(process.execPath, [...args, ...[seed, from, to].map(String)], {
    env: { ...plainEnv(), NO_COLOR: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  const watch = watchTime(child);
  let open: number | undefined;
  for await (const text of createInterface({ input: child.stdout })) {
    watch.again();
    const line = JSON.parse(text) as Line;
    open = line.type === 'begun' ? line.id : undefined;
    if (line.type === 'done') yield { ...line.outcome, peakMb: line.peakMb };
  }
  watch.end();
  const [code, signal] = await closed;
  // It may have ended before its first case, for a reason of its own.
  if (code !== 0 || open !== undefined) yield fatal(seed, open ?? from, signal ?? `exit code ${code}`);
}

/** Ends a process whose case takes too long. */
function watchTime(child: ChildProcess) {
  const ticks = () => statOf(child.pid!)?.cpuTicks ?? 0;
  let began = { ticks: ticks(), ms: performance.now() };
  const timer = setInterval(() => {
    const cpuS = (ticks() - began.ticks) / TICKS_PER_S;
    const seconds = (performance.now() - began.ms) / 1000;
    if (cpuS > MOST_CPU_S || seconds > LONGEST_S) child.kill('SIGKILL');
  }, LOOK_EVERY_MS);
  return {
    again: () => void (began = { ticks: ticks(), ms: performance.now() }),
    end: () => clearInterval(timer),
  };
}

function fatal(seed: number, id: number, end: string): Ended {
  const { kind } = caseOf(seed, id);
  const bounds = `at most ${MOST_CPU_S} s of CPU, ${LONGEST_S} s, ${MOST_HEAP_MB} MB of heap`;
  const why = `ended its process, or did not end: ${end} (${bounds})`;
  return { id, kind, code: -1, cpuMs: 1000 * MOST_CPU_S, problems: [why], peakMb: null };
}
