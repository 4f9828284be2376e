import { type Progress, silentProgress } from '../../trial/progress.ts';
import { liveProgress } from './progress-live.ts';
import { plainProgress } from './progress-plain.ts';
import type { Context } from './context.ts';

export function openProgress({ stderr, env }: Context, quiet: boolean): Progress {
  if (quiet) return silentProgress;
  if (stderr.isTTY && env['TERM'] !== 'dumb') return liveProgress(stderr);
  return plainProgress((text) => void stderr.write(text));
}
