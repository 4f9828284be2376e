import type { Client } from 'undici';

/** A request that waits for a connection and then has it to itself. */
export interface Passenger {
  readonly isOver: boolean;
  /** All connections are busy: it waits from now on. */
  queue(): void;
  start(client: Client): void;
  refuse(detail: string): void;
}

/** The connections, each taken by one exchange at a time, and one queue before them. */
export interface Lanes {
  take(passenger: Passenger): void;
  /** The request on this connection is over. */
  free(client: Client): void;
}

export function createHttpLanes(clients: readonly Client[], maxWaiting: number): Lanes {
  // Last in, first out: with little load few connections are busy, and those stay warm.
  const idle = clients.toReversed();
  let waiting: Passenger[] = [];
  let head = 0;

  const next = (): Passenger | undefined => {
    while (head < waiting.length) {
      const passenger = waiting[head++]!;
      if (!passenger.isOver) return passenger;
    }
    waiting = [];
    head = 0;
    return undefined;
  };

  return {
    take(passenger) {
      const client = idle.pop();
      if (client) return passenger.start(client);
      if (waiting.length - head >= maxWaiting) {
        return passenger.refuse(`Expected at most ${maxWaiting} calls to wait for a connection`);
      }
      passenger.queue();
      waiting.push(passenger);
      if (head > 1024 && head * 2 > waiting.length) {
        waiting = waiting.slice(head);
        head = 0;
      }
    },
    free(client) {
      const passenger = next();
      if (passenger) passenger.start(client);
      else idle.push(client);
    },
  };
}
