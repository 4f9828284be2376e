import type { FaultTarget } from '../kernel/fault-target.ts';
import type { Program, ProgramEnd } from '../kernel/program.ts';

/** A broker's own program, which faults may end and start again on its data. Disposing ends it for good. */
export interface Restartable extends FaultTarget, AsyncDisposable {
  /** Resolves with what is known when it ended unasked, or did not come back when it should; else never. */
  readonly lost: Promise<string>;
}

export interface RestartableSpec {
  readonly name: string;
  /**
   * Starts it for the nth time, from 1, and waits until it is ready. Where that fails or the signal aborts,
   * it rejects and nothing is left running.
   */
  start(nth: number, signal: AbortSignal): Promise<Program>;
  /** How a program ended, with its last words. */
  describeEnd(program: Program, end: ProgramEnd): string;
}

/** Starts the program for the first time. @throws whatever `start` does */
export async function startRestartable(spec: RestartableSpec): Promise<Restartable> {
  const lost = Promise.withResolvers<string>();
  const over = new AbortController();
  let starts = 0;
  let running: Program | undefined;
  /** The program whose end was ordered. */
  let expected: Program | undefined;

  const start = async () => {
    const program = await spec.start(++starts, over.signal);
    running = program;
    void program.ended.then((end) => {
      if (running === program) running = undefined;
      if (expected !== program) lost.resolve(spec.describeEnd(program, end));
    });
    return program;
  };

  const startAgain = async () => {
    try {
      current = await start();
    } catch (error) {
      if (!over.signal.aborted) lost.resolve(error instanceof Error ? error.message : String(error));
      throw error;
    }
  };

  let current = await start();
  let restarting: Promise<void> | undefined;
  return {
    name: spec.name,
    lost: lost.promise,
    get pids() {
      return running ? [running.pid] : [];
    },
    async signal(signal) {
      if (signal === 'SIGKILL' || signal === 'SIGTERM') expected = current;
      await current.signal(signal);
    },
    async ended() {
      await current.ended;
    },
    restart() {
      restarting = startAgain();
      return restarting;
    },
    async [Symbol.asyncDispose]() {
      over.abort(new Error(`${spec.name} is to end`));
      await restarting?.catch(() => undefined);
      expected = current;
      await current.stop();
    },
  };
}
