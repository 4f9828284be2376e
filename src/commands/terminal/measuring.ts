import { type Progress, silentProgress } from '../../trial/progress.ts';
import { visibleBlock, visibleIn } from '../../kernel/foreign/visible.ts';
import { installSignals } from '../../platform/process/signals.ts';
import type { Context } from './context.ts';
import { liveProgress } from './progress-live.ts';
import { plainProgress, stagesProgress } from './progress-plain.ts';
import { unwaiting } from './unwaiting.ts';

const ENDING = 'Shutting down; press Ctrl-C again to force quit.';

/** Signals and progress of a command that measures. */
export interface Measuring {
  readonly progress: Progress;
  readonly signal: AbortSignal;
}

/**
 * Runs with signals and progress.
 * @param announce called when the progress is closed, whatever ended the run
 */
export async function withMeasuring<T>(
  context: Context,
  quiet: boolean,
  run: (measuring: Measuring) => Promise<T>,
  announce: () => void = () => undefined,
): Promise<T> {
  using interruption = installSignals();
  const taken = unwaiting(context.stderr);
  const progress = visibleProgress(openProgress(context, quiet));
  const { signal } = interruption;
  signal.addEventListener('abort', () => progress.line(ENDING), { once: true });
  try {
    return await run({ progress, signal });
  } finally {
    progress.close();
    await taken[Symbol.asyncDispose]();
    announce();
  }
}

/** Titles and failures come from outside. */
export function visibleProgress(progress: Progress): Progress {
  return {
    ...progress,
    line: (text) => progress.line(visibleBlock(text)),
    trialStarted: (label) => progress.trialStarted(visibleIn(label)),
    phase: (stage) => progress.phase(visibleIn(stage)),
    trialEnded: (label, end, summary) => progress.trialEnded(visibleIn(label), end, visibleBlock(summary)),
  };
}

/** With COMMBENCH_PROGRESS=stages every stage of a trial is a line. */
function openProgress({ stderr, env }: Context, quiet: boolean): Progress {
  if (quiet) return silentProgress;
  const write = (text: string) => void stderr.write(text);
  if (env['COMMBENCH_PROGRESS'] === 'stages') return stagesProgress(write);
  if (stderr.isTTY && env['TERM'] !== 'dumb') return liveProgress(stderr);
  return plainProgress(write);
}
