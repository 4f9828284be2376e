/**
 * kafkajs 2.2.4 sets timers with negative delays whenever nothing of it waits for a throttled broker: harmless,
 * as a delay below 1 ms counts as 1, but Node warns of the first one amid what the user reads. That one kind of
 * warning is left out; all others are passed on.
 */
export function quietNegativeTimers(): void {
  const emit = process.emitWarning.bind(process) as (...args: unknown[]) => void;
  process.emitWarning = (warning: unknown, ...rest: unknown[]) => {
    if (rest[0] !== 'TimeoutNegativeWarning') emit(warning, ...rest);
  };
}
