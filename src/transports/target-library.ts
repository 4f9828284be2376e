import { CommbenchError } from '../kernel/errors.ts';

/**
 * A server or queue of the user's own is driven by one library only.
 * @throws CommbenchError child-failed where the options name another one
 */
export function assertTargetLibrary(used: string, only: string): void {
  if (used === only) return;
  throw new CommbenchError('child-failed', `A target cannot be driven by ${used}, only by ${only}`, {
    hint: `Set \`client: ${only}\` in the options of the pattern, or leave it out.`,
  });
}
