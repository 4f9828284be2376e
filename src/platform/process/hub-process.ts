import type { ProgramEnd } from '../../kernel/program.ts';
import type { HubMessage } from '../ipc/hub.ts';
import type { Typed } from '../ipc/ndjson.ts';
import { type Child, type ChildHost, type ChildSpec, howChildEnded, startChild } from './child.ts';
import { type Revival, startProcess, type StartedProcess } from './started-process.ts';

/** A reply takes a millisecond; on a busy machine, some hundred. */
const ANSWER_MS = 10_000;

export interface HubRecipe extends Omit<ChildSpec, 'settings'> {
  /** Called before each start: a restarted process continues with its earlier address. */
  settings(): object;
  /** Time from hello to the message `ready`. */
  readonly readyMs: number;
  /** Ends every wait. */
  readonly signal: AbortSignal;
  onReady?(line: HubMessage): void;
  revive?(end: ProgramEnd): Revival | undefined;
}

/** A process of ours that sends `ready` on the hub, in each of its lives. */
export interface HubProcess extends StartedProcess<Child> {
  /**
   * Sends an order, and waits for the line of this type that answers it.
   * @param waitMs how long the order itself is to take
   */
  ask(order: Typed, answer: string, waitMs?: number): Promise<HubMessage>;
}

/** @throws CommbenchError child-failed with its last output */
export async function startHubProcess(host: ChildHost, recipe: HubRecipe): Promise<HubProcess> {
  const { name, entry, graceMs, readyMs, signal } = recipe;
  const started = await startProcess<Child>({
    name,
    signal,
    async begin(life, bound) {
      // A name of its own for each life: its files and its place on the hub.
      const own = life === 1 ? name : `${name}-again${life - 1}`;
      const spec = { name: own, entry, graceMs, settings: recipe.settings() };
      const child = await startChild(host, spec, bound);
      try {
        const ready = await child.next('ready', readyMs);
        recipe.onReady?.(ready);
        return child;
      } catch (error) {
        await child[Symbol.asyncDispose]();
        throw error;
      }
    },
    describeEnd: ({ program }, end) => howChildEnded(program, end),
    revive: (end) => recipe.revive?.(end),
  });
  return Object.assign(started, {
    ask(order: Typed, answer: string, waitMs = 0) {
      const child = started.launched;
      child.peer.send(order);
      return child.next(answer, waitMs + ANSWER_MS);
    },
  });
}
