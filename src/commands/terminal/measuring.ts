import type { Progress } from '../../trial/progress.ts';
import { installSignals } from '../../platform/process/signals.ts';
import type { Context } from './context.ts';
import { openProgress } from './open-progress.ts';

const ENDING = 'Shutting down; press Ctrl-C again to force quit.';

/** Signals and progress of a command that measures. */
export interface Measuring {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Runs with signals and progress.
 * @param told called when the progress is closed, whatever ended the run
 */
export async function withMeasuring<T>(
  context: Context,
  quiet: boolean,
  run: (measuring: Measuring) => Promise<T>,
  announce: () => void = () => undefined,
): Promise<T> {
  using interruption = installSignals();
  const progress = openProgress(context, quiet);
  const { signal } = interruption;
  signal.addEventListener('abort', () => progress.line(ENDING), { once: true });
  try {
    return await run({ progress, signal });
  } finally {
    progress.close();
    announce();
  }
}
