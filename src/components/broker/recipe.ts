import type { BrokerDefinition } from '../../kernel/broker.ts';
import type { FindContext, StartContext } from '../../kernel/component.ts';
import type { Program, ProgramSpec } from '../../kernel/program.ts';
import type { PackageRecipe } from '../../platform/packages/recipe.ts';

/** Programs or code of a broker: installed on this system, or fetched once into the cache. */
export interface Ingredient<T> {
  /**
   * Its packages, the preferred first: where one cannot be fetched or does not work, the next is tried.
   * @throws CommbenchError bad-option
   */
  recipes(): readonly [PackageRecipe, ...PackageRecipe[]];
  /** The installed one, or the reason in words why none is usable. */
  installed(signal: AbortSignal): Promise<T | string>;
  /** Why programs in this folder of the cache would not run on this machine, with the remedy; absent: no reason is known. */
  whyNotIn?(folder: string): Promise<string | undefined>;
  /** The same for an unpacked folder of the cache. */
  unpacked(folder: string, signal: AbortSignal): Promise<T | string>;
  /** Its files in a few words, for `doctor`. */
  describe(found: T): string;
}

/** Requests to a broker outside of measuring. */
export interface BrokerClient {
  /**
   * Connects, and changes nothing.
   * @returns its version, or words where it is unknown
   * @throws CommbenchError where the URL must not be used; any other error means that it is not reachable
   */
  greet(url: string, context: FindContext): Promise<string>;
  /** Resolves once it accepted a real message: its port opens earlier than that. */
  prove(url: string, signal: AbortSignal): Promise<unknown>;
  /** Runs once for a new broker, before any client: work that would delay the first one. */
  prime?(url: string, signal: AbortSignal): Promise<unknown>;
  /**
   * Pushes messages along the path of trials; returns their number in words.
   * @param pids of the broker, whose CPU time may be read; none where it is not ours
   */
  warm(url: string, signal: AbortSignal, pids: readonly number[]): Promise<string>;
}

/** A broker whose folder and ports exist: its program, as it is started every time. */
export interface PreparedBroker {
  readonly spec: ProgramSpec;
  readonly url: string;
  /** Processes measured with it. Default: the program alone. */
  pidsOf?(program: Program): readonly number[];
}

/** Properties that differ between brokers. Sources, start, loss and restart are common to all. */
export interface BrokerRecipe<
  Programs extends { readonly version: string },
  Runtime = undefined,
> extends Pick<BrokerDefinition, 'name' | 'title' | 'schemes' | 'compose'> {
  readonly exampleUrl: string;
  /** Permissions that its user needs, e.g. `to make, write to and remove queues named commbench-*`. */
  readonly needs: string;
  readonly programs: Ingredient<Programs>;
  /** Runtime of the programs, e.g. a Java; installed and fetched separately. */
  readonly runtime?: Ingredient<Runtime>;
  /** Installation of its programs: commands by system, or other advice. */
  readonly install: { readonly brew: string; readonly dnf: string; readonly other: string };
  readonly client: BrokerClient;
  /** Last output of the program, from wherever it logs; empty where there is none. */
  lastOutput(program: Program): string;
  /** URL of a broker that listens on this port of loopback. */
  urlAt(port: number): string;
  /**
   * Makes the folder of one broker, on free loopback ports and with data of its own, and starts its auxiliary programs.
   * @param stack disposes these programs, after the broker itself
   */
  prepare(
    parts: { readonly programs: Programs; readonly runtime: Runtime },
    context: StartContext,
    stack: AsyncDisposableStack,
  ): Promise<PreparedBroker>;
}
