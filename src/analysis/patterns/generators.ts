import type { Result } from '../../record/record.ts';

/** Processes that shared the schedule of each trial; 1 in results from before there could be more. */
export function generatorsOf({ options }: Pick<Result, 'options'>): number {
  const { generators } = options as { generators?: unknown };
  return typeof generators === 'number' ? generators : 1;
}
