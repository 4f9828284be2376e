import type { BrokerDefinition } from '../../kernel/broker.ts';
import type { FindContext, StartContext } from '../../kernel/component.ts';
import type { Program, ProgramSpec } from '../../kernel/program.ts';
import type { PackageRecipe } from '../../platform/packages/recipe.ts';

/** Programs or code of a broker: installed on this system, or fetched once into the cache. */
export interface Ingredient<T> {
  readonly recipe: PackageRecipe;
  /** What the user has installed; words where there is nothing that can be used. */
  installed(signal: AbortSignal): Promise<T | string>;
  /** The same of what was fetched into this folder. */
  unpacked(folder: string, signal: AbortSignal): Promise<T | string>;
  /** Its files in a few words, for `doctor`. */
  describe(found: T): string;
}

/** What commbench asks of a broker when nothing is measured. */
export interface BrokerClient {
  /**
   * Connects, and changes nothing.
   * @returns its version, or words for not knowing it
   * @throws CommbenchError where the URL must not be used; anything else means that it is not reached
   */
  greet(url: string, context: FindContext): Promise<string>;
  /** Resolves once it took a real message: its port opens earlier than that. */
  prove(url: string, signal: AbortSignal): Promise<unknown>;
  /** Once for a new broker, before anybody uses it: what would keep its first client waiting. */
  prime?(url: string, signal: AbortSignal): Promise<unknown>;
  /** Pushes messages through the way that trials do; says how many. */
  warm(url: string, signal: AbortSignal): Promise<string>;
}

/** A broker whose folder and ports are made: its program, as it is started in each of its lives. */
export interface PreparedBroker {
  readonly spec: ProgramSpec;
  readonly url: string;
  /** What is measured with it. Default: the program alone. */
  pidsOf?(program: Program): readonly number[];
}

/** What differs between brokers. Where they come from, how they are started, lost and brought back is the same for all. */
export interface BrokerRecipe<
  Programs extends { readonly version: string },
  Runtime = undefined,
> extends Pick<BrokerDefinition, 'name' | 'title' | 'schemes' | 'compose'> {
  readonly exampleUrl: string;
  /** What its user must be allowed to do, e.g. `to make, write to and remove queues named commbench-*`. */
  readonly needs: string;
  readonly programs: Ingredient<Programs>;
  /** What runs them, e.g. a Java; installed and fetched apart. */
  readonly runtime?: Ingredient<Runtime>;
  /** How a user installs what it needs: by which command of which system, or what else. */
  readonly install: { readonly brew: string; readonly dnf: string; readonly other: string };
  readonly client: BrokerClient;
  /** What the program said last, wherever it says it; empty where it said nothing. */
  lastOutput(program: Program): string;
  /** Of a broker that listens on this port of loopback. */
  urlAt(port: number): string;
  /**
   * Makes the folder of one broker, on free loopback ports and with data of its own, and starts what must run beside it.
   * @param stack disposes what runs beside it, after the broker itself
   */
  prepare(
    parts: { readonly programs: Programs; readonly runtime: Runtime },
    context: StartContext,
    stack: AsyncDisposableStack,
  ): Promise<PreparedBroker>;
}
