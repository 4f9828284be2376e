import type { StartedBroker } from '../../kernel/broker.ts';
import type { Program } from '../../kernel/program.ts';
import { howItEnded, orItsEnd, type Speaker } from '../../platform/process/until-ready.ts';

/** A broker of ours: started on one folder of data and at one address, as often as faults want. */
export interface OwnBroker {
  /** Unique in the run. */
  readonly name: string;
  readonly speaker: Speaker;
  /** How long a start may take; a busy machine needs six times as long as a quiet one. */
  readonly readyMs: number;
  /** The run's. */
  readonly signal: AbortSignal;
  /** Starts its program; `life` counts from 1. */
  launch(life: number): Promise<Program>;
  /** Resolves once it took a real message in this life. */
  ready(signal: AbortSignal, life: number): Promise<unknown>;
  /** What runs in a life; the program alone where this is absent. */
  pidsOf?(program: Program): readonly number[];
}

export type RunningBroker = Pick<StartedBroker, 'pids' | 'lost' | typeof Symbol.asyncDispose> &
  Required<Pick<StartedBroker, 'faultTarget'>>;

/** From one start to the end of that program. */
interface Life {
  readonly program: Program;
  /** Empty once it ended. */
  pids: readonly number[];
  /** A fault ends it: that is no loss. */
  isEndPlanned: boolean;
}

/**
 * Starts a broker and waits until it is ready. Faults may end it and start it again where it was. It is lost
 * when it ends and neither a fault nor we asked for that, in its first life as in each later one, or when it
 * does not come back.
 */
export async function startOwnBroker(own: OwnBroker): Promise<RunningBroker> {
  const lost = Promise.withResolvers<string>();
  const stopping = new AbortController();
  let lives = 0;

  const begin = async (): Promise<Life> => {
    const nth = ++lives;
    const program = await own.launch(nth);
    try {
      const limit = AbortSignal.timeout(own.readyMs);
      const signal = AbortSignal.any([own.signal, stopping.signal, limit]);
      await orItsEnd(own.speaker, program, signal, (s) => own.ready(s, nth));
    } catch (error) {
      await program.stop();
      throw error;
    }
    const begun: Life = { program, pids: own.pidsOf?.(program) ?? [program.pid], isEndPlanned: false };
    void program.ended.then((end) => {
      begun.pids = [];
      if (!stopping.signal.aborted && !begun.isEndPlanned)
        lost.resolve(howItEnded(own.speaker, program, end));
    });
    return begun;
  };
  const beginAgain = async () => {
    try {
      life = await begin();
    } catch (error) {
      if (!stopping.signal.aborted) lost.resolve(error instanceof Error ? error.message : String(error));
      throw error;
    }
  };

  let life = await begin();
  let restarting: Promise<void> | undefined;
  return {
    get pids() {
      return life.pids;
    },
    lost: lost.promise,
    faultTarget: {
      name: own.name,
      // A helper of its own may be in another process group, where no signal of ours comes.
      get pids() {
        return life.pids.filter((pid) => pid === life.program.pid);
      },
      async signal(signal) {
        if (signal === 'SIGKILL' || signal === 'SIGTERM') life.isEndPlanned = true;
        await life.program.signal(signal);
      },
      ended: async () => void (await life.program.ended),
      restart() {
        restarting = beginAgain();
        return restarting;
      },
    },
    async [Symbol.asyncDispose]() {
      stopping.abort(new Error(`${own.name} is to end`));
      await restarting?.catch(() => undefined);
      await life.program.stop();
    },
  };
}
