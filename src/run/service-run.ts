import { entryFile } from '../kernel/entry.ts';
import type { Address } from '../kernel/transport.ts';
import type { FaultTarget } from '../kernel/fault-target.ts';
import type { WireBytes } from '../measure/wire-count.ts';
import type { ServiceConfig } from '../services/config.ts';
import { type Child, startChild } from './child.ts';
import type { Rig } from './rig.ts';

const READY_MS = 30_000;
const COUNTED_MS = 10_000;

/** A service process under our hand: it can be signalled, and started again at the same address. */
export interface RunningService extends FaultTarget, AsyncDisposable {
  readonly address: Address;
  /** Rejects when the process ends although nobody planned it; never resolves. */
  readonly lost: Promise<never>;
  /** Since its start; only of one that counts (`countBytes`). */
  wireBytes(): Promise<WireBytes>;
}

export type ServiceSettings = Omit<ServiceConfig, 'version' | 'mark' | 'socketPath'>;

/** Starts a service and waits until it is ready. @throws CommbenchError child-failed with its last words */
export async function startService(
  rig: Rig,
  { name, ...settings }: ServiceSettings,
  signal: AbortSignal,
): Promise<RunningService> {
  const lost = Promise.withResolvers<never>();
  lost.promise.catch(() => undefined);
  let starts = 0;
  /** The process whose end was ordered. */
  let expected: Child | undefined;

  const start = async (address: Address | null): Promise<{ child: Child; address: Address }> => {
    // A name of its own for each: its files and its place on the hub.
    const ownName = starts++ === 0 ? name : `${name}-again${starts - 1}`;
    const entry = entryFile(import.meta.url, '../services/service');
    const spec = { name: ownName, entry, settings: { ...settings, address }, graceMs: 2000 };
    const child = await startChild(rig, spec, signal);
    try {
      const ready = await child.next('ready', READY_MS);
      child.died.catch((error: unknown) => {
        if (expected !== child) lost.reject(error);
      });
      return { child, address: ready['address'] as Address };
    } catch (error) {
      await child[Symbol.asyncDispose]();
      throw error;
    }
  };

  let current = await start(settings.address);
  return {
    name,
    address: current.address,
    get pids() {
      return [current.child.program.pid];
    },
    lost: lost.promise,
    async signal(sig) {
      if (sig === 'SIGKILL') expected = current.child;
      await current.child.program.signal(sig);
    },
    async ended() {
      await current.child.program.ended;
    },
    async restart() {
      current = await start(current.address);
    },
    async wireBytes() {
      current.child.peer.send({ type: 'count' });
      const { sent, received } = await current.child.next('counted', COUNTED_MS);
      return { sent: Number(sent), received: Number(received) };
    },
    async [Symbol.asyncDispose]() {
      expected = current.child;
      await current.child[Symbol.asyncDispose]();
    },
  };
}
