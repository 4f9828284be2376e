import { setTimeout as sleep } from 'node:timers/promises';
import { NS_PER_MS, type Nanoseconds } from '../../kernel/clock.ts';
import type { FaultTarget } from '../../kernel/fault-target.ts';
import type { Program, ProgramEnd } from '../../kernel/program.ts';

/** A program with its starter's own data. */
export interface Launched {
  readonly program: Program;
}

/** Recipe for starting a process of ours: on one set of files and at one address, as often as faults require. */
export interface ProcessRecipe<L extends Launched> {
  /** Unique in the run. */
  readonly name: string;
  /** Ends every start. */
  readonly signal: AbortSignal;
  /**
   * Starts it and waits until it is ready; where it throws, it leaves no process. Every wait is bounded. @param life
   * counts from 1
   */
  begin(life: number, signal: AbortSignal): Promise<L>;
  /** Called at each sample while it runs. Default: the program alone. */
  pidsOf?(launched: L): readonly number[];
  /** The end of the process in words, with its last output. */
  describeEnd(launched: L, end: ProgramEnd): string;
  /** Called at an unordered end; undefined: it was not planned, so the process is lost. */
  revive?(end: ProgramEnd): Revival | undefined;
  /** Replaces `program.stop()`. */
  stop?(program: Program): Promise<unknown>;
}

/** An end that was planned without an order: the process begins again. */
export interface Revival {
  readonly afterMs: number;
  /** Called when it is ready again. */
  ready(): void;
}

/** A process that is ready. Disposing ends it. */
export interface StartedProcess<L extends Launched> extends AsyncDisposable {
  /** The launched program of its current life. */
  readonly launched: L;
  readonly pids: readonly number[];
  /**
   * Resolves with a description of an unplanned end, at the first start or later, or with the reason why it does not
   * return.
   */
  readonly lost: Promise<string>;
  readonly faultTarget: FaultTarget;
}

export async function startProcess<L extends Launched>(recipe: ProcessRecipe<L>): Promise<StartedProcess<L>> {
  const lives = new Lives(recipe);
  await lives.begin();
  return lives;
}

/** A timer of the sender may be so early. */
const TIMER_NS = 10 * NS_PER_MS;

/** One life: from a start to the end of that program. */
interface Life<L> {
  readonly launched: L;
  hasEnded: boolean;
  /** Instant from which its end is one that was ordered; Infinity: none was. */
  endOrderedNs: Nanoseconds;
}

class Lives<L extends Launched> implements StartedProcess<L> {
  readonly faultTarget: FaultTarget;
  readonly lost: Promise<string>;
  readonly #recipe: ProcessRecipe<L>;
  readonly #lost = Promise.withResolvers<string>();
  readonly #over = new AbortController();
  readonly #signal: AbortSignal;
  #count = 0;
  #life: Life<L> | undefined;
  /** A restart or a revival in progress; never rejects. */
  #coming: Promise<void> = Promise.resolve();

  constructor(recipe: ProcessRecipe<L>) {
    this.#recipe = recipe;
    this.#signal = AbortSignal.any([recipe.signal, this.#over.signal]);
    this.lost = this.#lost.promise;
    this.faultTarget = this.#target();
  }

  get launched(): L {
    return this.#life!.launched;
  }

  get pids(): readonly number[] {
    const { launched, hasEnded } = this.#life!;
    return hasEnded ? [] : (this.#recipe.pidsOf?.(launched) ?? [launched.program.pid]);
  }

  async begin(): Promise<void> {
    const launched = await this.#recipe.begin(++this.#count, this.#signal);
    const life: Life<L> = { launched, hasEnded: false, endOrderedNs: Infinity };
    this.#life = life;
    void launched.program.ended.then((end) => {
      life.hasEnded = true;
      if (end.atNs < life.endOrderedNs && !this.#over.signal.aborted) this.#endedUnasked(launched, end);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort(new Error(`${this.#recipe.name} is to end`));
    await this.#coming;
    const { program } = this.launched;
    await (this.#recipe.stop?.(program) ?? program.stop());
  }

  /** One that does not come back is lost. */
  #restart(): Promise<void> {
    const restarted = this.begin();
    this.#coming = restarted.catch((error: unknown) => {
      if (!this.#over.signal.aborted) this.#lost.resolve(wordsOf(error));
    });
    return restarted;
  }

  #endedUnasked(launched: L, end: ProgramEnd): void {
    const revival = this.#recipe.revive?.(end);
    if (!revival) return this.#lost.resolve(this.#recipe.describeEnd(launched, end));
    const revived = async () => {
      await sleep(revival.afterMs, undefined, { signal: this.#signal });
      await this.begin();
      revival.ready();
    };
    this.#coming = revived().catch((error: unknown) => {
      if (!this.#over.signal.aborted) this.#lost.resolve(wordsOf(error));
    });
  }

  #target(): FaultTarget {
    const life = () => this.#life!;
    return {
      name: this.#recipe.name,
      // A helper of its own may be in another process group, where no signal of ours comes.
      get pids() {
        const { launched, hasEnded } = life();
        return hasEnded ? [] : [launched.program.pid];
      },
      signal: async (signal, at) => {
        await this.#coming;
        const { launched } = life();
        if (signal === 'SIGKILL' || signal === 'SIGTERM')
          life().endOrderedNs = (at?.atNs ?? -Infinity) - TIMER_NS;
        return launched.program.signal(signal, at);
      },
      ended: async () => (await life().launched.program.ended).atNs,
      restart: () => this.#restart(),
    };
  }
}

function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
