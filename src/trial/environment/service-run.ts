import { setTimeout as sleep } from 'node:timers/promises';
import { entryFile } from '../../platform/process/entry.ts';
import type { Address } from '../../kernel/transport.ts';
import type { FaultTarget } from '../../kernel/fault-target.ts';
import type { ProgramEnd } from '../../kernel/program.ts';
import type { WireBytes } from '../../measure/logs/wire-count.ts';
import type { HopConfig, ServiceConfig } from '../../plan/service-config.ts';
import { type Child, startChild } from './child.ts';
import type { Rig } from './rig.ts';
import { REVIVED_AFTER_MS } from '../../plan/revival.ts';

const READY_MS = 30_000;
const COUNTED_MS = 10_000;

/** A service process under our hand: it can be signalled, and started again at the same address. */
export interface RunningService extends FaultTarget, AsyncDisposable {
  readonly address: Address;
  /** Of `hop.listens`, in their order. */
  readonly listens: readonly Address[];
  /** Rejects when the process ends although nobody planned it; never resolves. */
  readonly lost: Promise<never>;
  /** Since its start; only of one that counts (`countBytes`). */
  wireBytes(): Promise<WireBytes>;
}

export type ServiceSettings = Omit<ServiceConfig, 'version' | 'mark' | 'socketPath'>;

/** Asked when the process ended and nobody had ordered it: with what it goes on, if that end was planned. */
export type Revive = (hop: HopConfig, end: ProgramEnd) => Revival | undefined;

export interface Revival {
  readonly hop: HopConfig;
  /** Told when the process stands ready again. */
  ready(): void;
}

/** Starts a service and waits until it is ready. @throws CommbenchError child-failed with its last words */
export async function startService(
  rig: Rig,
  settings: ServiceSettings,
  signal: AbortSignal,
  revive: Revive = () => undefined,
): Promise<RunningService> {
  const service = new Started(rig, settings, signal, revive);
  await service.start();
  return service;
}

class Started implements RunningService {
  readonly name: string;
  readonly lost: Promise<never>;
  readonly #rig: Rig;
  readonly #signal: AbortSignal;
  readonly #revive: Revive;
  readonly #over = new AbortController();
  readonly #lost = Promise.withResolvers<never>();
  #settings: ServiceSettings;
  #starts = 0;
  #current: Child | undefined;
  /** The process whose end was ordered. */
  #expected: Child | undefined;
  #reviving: Promise<void> = Promise.resolve();

  constructor(rig: Rig, settings: ServiceSettings, signal: AbortSignal, revive: Revive) {
    this.name = settings.name;
    this.#rig = rig;
    this.#settings = settings;
    this.#signal = AbortSignal.any([signal, this.#over.signal]);
    this.#revive = revive;
    this.lost = this.#lost.promise;
    this.lost.catch(() => undefined);
  }

  get address(): Address {
    return this.#settings.address!;
  }

  get listens(): readonly Address[] {
    return this.#settings.hop?.listens.map(({ address }) => address!) ?? [];
  }

  get pids(): number[] {
    return [this.#child.program.pid];
  }

  async signal(name: NodeJS.Signals): Promise<void> {
    await this.#reviving;
    if (name === 'SIGKILL') this.#expected = this.#child;
    await this.#child.program.signal(name);
  }

  async ended(): Promise<void> {
    await this.#child.program.ended;
  }

  async restart(): Promise<void> {
    await this.start();
  }

  async wireBytes(): Promise<WireBytes> {
    this.#child.peer.send({ type: 'count' });
    const { sent, received } = await this.#child.next('counted', COUNTED_MS);
    return { sent: Number(sent), received: Number(received) };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort(new Error('the service is over'));
    await this.#reviving;
    this.#expected = this.#current;
    await this.#current?.[Symbol.asyncDispose]();
  }

  /** The first time where its settings say or it chooses, from then on where it was. */
  async start(): Promise<void> {
    const { name, ...settings } = this.#settings;
    // A name of its own for each: its files and its place on the hub.
    const ownName = this.#starts++ === 0 ? name : `${name}-again${this.#starts - 1}`;
    const entry = entryFile(import.meta.url, '../../components/service/service');
    const child = await startChild(
      this.#rig,
      { name: ownName, entry, settings, graceMs: 2000 },
      this.#signal,
    );
    try {
      const ready = await child.next('ready', READY_MS);
      this.#settings = placed(this.#settings, ready);
      this.#current = child;
      child.died.catch((error: unknown) => {
        if (this.#expected !== child) this.#reviving = this.#ended(child, error);
      });
    } catch (error) {
      await child[Symbol.asyncDispose]();
      throw error;
    }
  }

  get #child(): Child {
    return this.#current!;
  }

  async #ended(child: Child, error: unknown): Promise<void> {
    const { hop } = this.#settings;
    const next = hop ? this.#revive(hop, await child.program.ended) : undefined;
    if (!next) return this.#lost.reject(error);
    this.#settings = { ...this.#settings, hop: next.hop };
    try {
      await sleep(REVIVED_AFTER_MS, undefined, { signal: this.#signal });
      await this.start();
      next.ready();
    } catch (cause) {
      this.#lost.reject(cause);
    }
  }
}

/** With the addresses at which it said that it is reached. */
function placed(settings: ServiceSettings, ready: Readonly<Record<string, unknown>>): ServiceSettings {
  const address = ready['address'] as Address;
  const more = (ready['listens'] ?? []) as readonly Address[];
  const { hop } = settings;
  if (!hop) return { ...settings, address };
  const listens = hop.listens.map((listen, i) => ({ ...listen, address: more[i] ?? listen.address }));
  return { ...settings, address, hop: { ...hop, listens } };
}
