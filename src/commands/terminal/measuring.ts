import type { Stored } from '../../record/store.ts';
import type { Progress } from '../../trial/progress.ts';
import { installSignals } from '../../platform/process/signals.ts';
import type { Context } from './context.ts';
import { openProgress } from './open-progress.ts';
import type { Printer } from './printer.ts';
import { reportOfStored } from './report-of-stored.ts';

const ENDING = 'Ending in order; a second Ctrl-C, half a second later or more, ends at once.';

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

interface Wanted {
  readonly quiet: boolean;
  readonly print: Printer;
  /** Where the record is kept. */
  readonly outPath: string;
}

/**
 * Runs what fills a record, and prints what is known so far, whatever ended it.
 * @returns the record; undefined where nothing was begun
 */
export async function measureRecord<R extends Stored>(
  context: Context,
  wanted: Wanted,
  run: (measuring: Measuring & { readonly begun: (record: R) => void }) => Promise<unknown>,
): Promise<R | undefined> {
  let record: R | undefined;
  const begun = (one: R) => void (record = one);
  const announce = () => {
    if (record) wanted.print(reportOfStored(record, wanted.outPath));
  };
  await withMeasuring(context, wanted.quiet, (measuring) => run({ ...measuring, begun }), announce);
  return record;
}
