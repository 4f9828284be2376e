import { Socket } from 'node:net';
import type { LinkState } from '../../faults/fault.ts';
import type { ProxyConfig, ProxyCounts } from './proxy-config.ts';
import { openDirection, resetNow, type ProxyDirection } from './proxy-direction.ts';

/** A caller's connection and its counterpart to the target. */
export interface ProxyLink {
  /** `refuse` and `reset` end it. */
  set(state: LinkState | null): void;
  /** FIN, or RST, to both ends. */
  end(how: 'close' | 'reset'): void;
  /** Both ends are closed. */
  readonly closed: Promise<void>;
}

export type ProxyTally = { -readonly [K in keyof ProxyCounts]: ProxyCounts[K] };

/**
 * Connects to the target as soon as something could pass; in a black hole, nothing does.
 * @param caller with `allowHalfOpen`
 */
export function openProxyLink(
  caller: Socket,
  target: ProxyConfig['target'],
  first: LinkState | null,
  tally: ProxyTally,
): ProxyLink {
  const upstream = new Socket({ allowHalfOpen: true });
  const sockets = [caller, upstream];
  for (const socket of sockets) socket.setNoDelay(true).on('error', () => {});
  const held = (bytes: number) => {
    tally.heldChunks++;
    tally.heldBytes += bytes;
  };
  const up = openDirection(caller, upstream, first, { held, passed: (bytes) => (tally.bytesUp += bytes) });
  const down = openDirection(upstream, caller, first, {
    held,
    passed: (bytes) => (tally.bytesDown += bytes),
  });
  const directions: readonly ProxyDirection[] = [up, down];
  let isReached = false;
  upstream.once('connect', () => (isReached = true));
  upstream.once('error', () => {
    if (!isReached) tally.unreached++;
  });
  const reach = (state: LinkState | null) => {
    if (state?.kind === 'black-hole' || isReached || upstream.connecting || upstream.destroyed) return;
    upstream.connect(target);
  };
  caller.once('close', (isBroken) => {
    // The caller's reset overtakes its buffered data: the target will never be connected.
    if (isBroken && upstream.pending && !upstream.connecting) upstream.destroy();
  });
  const closed = Promise.all(sockets.map(untilClosed)).then(() =>
    directions.forEach((direction) => direction.stop()),
  );
  reach(first);
  return {
    closed,
    set(state) {
      reach(state);
      for (const direction of directions) direction.set(state);
    },
    end(how) {
      for (const direction of directions) direction.stop();
      for (const socket of sockets) void (how === 'reset' ? resetNow(socket) : socket.destroy());
    },
  };
}

function untilClosed(socket: Socket): Promise<void> {
  return new Promise((resolve) => socket.once('close', () => resolve()));
}
