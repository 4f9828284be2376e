/**
 * Whether anything can have left for the broker: as long as no connection was there from a send's begin to
 * its end, surely nothing did. That alone is what lets a failed send be called `refused`; client libraries
 * try again behind our back, and their last error doesn't say what became of the tries before it.
 */
export interface KafkaWire {
  /** A connection is there from now on. */
  up(): void;
  down(): void;
  /** To be asked when a send begins; the answer says whether it surely stayed here, when it has failed. */
  watch(): () => boolean;
}

export function createWire(): KafkaWire {
  let connected = 0;
  let connections = 0;
  return {
    up() {
      connected++;
      connections++;
    },
    down() {
      connected--;
    },
    watch() {
      if (connected > 0) return () => false;
      const before = connections;
      return () => connections === before;
    },
  };
}
