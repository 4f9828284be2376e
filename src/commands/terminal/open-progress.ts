import { type Progress, silentProgress } from '../../trial/progress.ts';
import { liveProgress } from './progress-live.ts';
import { plainProgress, stagesProgress } from './progress-plain.ts';
import type { Context } from './context.ts';

/** With COMMBENCH_PROGRESS=stages every stage of a trial is a line. */
export function openProgress({ stderr, env }: Context, quiet: boolean): Progress {
  if (quiet) return silentProgress;
  const write = (text: string) => void stderr.write(text);
  if (env['COMMBENCH_PROGRESS'] === 'stages') return stagesProgress(write);
  if (stderr.isTTY && env['TERM'] !== 'dumb') return liveProgress(stderr);
  return plainProgress(write);
}
