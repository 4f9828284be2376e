/**
 * kafkajs 2.2.4 sets timers with negative delays whenever it does not wait for a throttled broker. They are harmless,
 * as a delay below 1 ms counts as 1, but Node prints a warning for the first one. That kind of warning is dropped; all
 * others pass.
 */
export function quietNegativeTimers(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: unknown, ...rest: unknown[]) => {
    if (rest[0] !== 'TimeoutNegativeWarning') emit(warning, ...rest);
  };
}
