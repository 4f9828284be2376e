import { type Progress, silentProgress } from '../run/progress.ts';
import { liveProgress } from '../run/progress-live.ts';
import { plainProgress } from '../run/progress-plain.ts';
import type { Context } from './context.ts';

export function openProgress({ stderr, env }: Context, quiet: boolean): Progress {
  if (quiet) return silentProgress;
  if (stderr.isTTY && env['TERM'] !== 'dumb') return liveProgress(stderr);
  return plainProgress((text) => void stderr.write(text));
}
