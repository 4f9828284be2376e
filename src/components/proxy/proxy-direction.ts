import type { Socket } from 'node:net';
import type { LinkState } from '../../faults/fault.ts';
import { NS_PER_MS, nowNs } from '../../kernel/clock.ts';
import { createLane, type Passing } from './proxy-lane.ts';

/** Bytes buffered in one direction at most; beyond it the sender is not read from, like a full real link. */
const MOST_BYTES = 1024 * 1024;
/** The longest wait of one timer. */
const MOST_WAIT_MS = 60_000;

export interface DirectionTally {
  passed(bytes: number): void;
  /** A chunk did not pass at once. */
  held(bytes: number): void;
}

/** One direction of a connection that goes through the proxy. */
export interface ProxyDirection {
  set(state: LinkState | null): void;
  /** Stops forwarding; buffered bytes are dropped with the connection. */
  stop(): void;
}

/** Forwards data, end and reset of `from` to `to`, as the state of the link allows. */
export function openDirection(
  from: Socket,
  to: Socket,
  first: LinkState | null,
  tally: DirectionTally,
): ProxyDirection {
  const lane = createLane();
  let state: LinkState | null = null;
  let timer: NodeJS.Timeout | undefined;
  let isBlocked = false;
  let isOver = false;

  const pump = () => {
    clearTimeout(timer);
    if (isOver) return;
    while (!isBlocked) {
      const passing = lane.take(nowNs());
      if (!passing) break;
      if (passing.kind === 'bytes') tally.passed(passing.bytes.length);
      isBlocked = !handOver(passing, to);
    }
    const isFull = lane.waitingBytes >= MOST_BYTES;
    if (isFull !== from.isPaused()) void (isFull ? from.pause() : from.resume());
    const waitMs = (lane.dueNs(nowNs()) - nowNs()) / NS_PER_MS;
    if (!isBlocked && waitMs < Infinity) timer = setTimeout(pump, Math.min(MOST_WAIT_MS, Math.ceil(waitMs)));
  };
  const arrive = (passing: Passing) => {
    if (isOver) return;
    lane.put(passing, nowNs());
    pump();
    if (passing.kind === 'bytes' && state !== null && lane.waitingBytes > 0) tally.held(passing.bytes.length);
  };
  const set = (next: LinkState | null) => {
    state = next;
    lane.set(next, nowNs());
    pump();
  };
  const unblock = () => {
    isBlocked = false;
    pump();
  };
  from.on('data', (bytes: Buffer) => arrive({ kind: 'bytes', bytes }));
  from.on('end', () => arrive({ kind: 'end' }));
  from.on('close', (isBroken) => {
    if (isBroken) arrive({ kind: 'reset' });
  });
  to.on('drain', unblock);
  // Data for a closed receiver are read and dropped.
  to.on('close', unblock);
  set(first);
  return {
    set,
    stop() {
      isOver = true;
      clearTimeout(timer);
    },
  };
}

/** @returns whether more can be written */
function handOver(passing: Passing, to: Socket): boolean {
  if (to.destroyed) return true;
  if (passing.kind === 'bytes') return to.write(passing.bytes);
  if (passing.kind === 'end') to.end();
  else resetNow(to);
  return true;
}

/** A socket that is not connected yet has no peer to be reset. */
export function resetNow(socket: Socket): void {
  if (socket.connecting || socket.pending) socket.destroy();
  else socket.resetAndDestroy();
}
