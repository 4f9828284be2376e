/**
 * Detects whether anything can have left for the broker. A send surely stayed here if no connection existed from its
 * begin to its end. Only then may a failed send be called `refused`: client libraries retry internally, and their last
 * error does not reveal the fate of earlier attempts.
 */
export interface KafkaWire {
  /** Called when a connection is open. */
  up(): void;
  down(): void;
  /** Resolves when the last connection is gone. */
  readonly gone: Promise<void>;
  /** Called when a send begins; after its failure, the returned function reports whether it surely stayed here. */
  watch(): () => boolean;
}

export function createWire(): KafkaWire {
  let connected = 0;
  let connections = 0;
  const gone = Promise.withResolvers<void>();
  return {
    gone: gone.promise,
    up() {
      connected++;
      connections++;
    },
    down() {
      if (--connected === 0) gone.resolve();
    },
    watch() {
      if (connected > 0) return () => false;
      const before = connections;
      return () => connections === before;
    },
  };
}
