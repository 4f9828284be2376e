/**
 * A request that waits for a connection and then has it to itself.
 * @template Lane a connection, or the place of one
 */
export interface Passenger<Lane> {
  readonly isOver: boolean;
  /** All connections are busy: it waits from now on. */
  queue(): void;
  start(lane: Lane): void;
  refuse(detail: string): void;
}

/** The connections, each taken by one exchange at a time, and one queue before them. */
export interface Lanes<Lane> {
  take(passenger: Passenger<Lane>): void;
  /** The request on this connection is over. */
  free(lane: Lane): void;
}

export function createHttpLanes<Lane>(lanes: readonly Lane[], maxWaiting: number): Lanes<Lane> {
  // Last in, first out: with little load few connections are busy, and those stay warm.
  const idle = lanes.toReversed();
  let waiting: Passenger<Lane>[] = [];
  let head = 0;

  const next = (): Passenger<Lane> | undefined => {
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
      const lane = idle.pop();
      if (lane !== undefined) return passenger.start(lane);
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
    free(lane) {
      const passenger = next();
      if (passenger) passenger.start(lane);
      else idle.push(lane);
    },
  };
}
