import type { Result } from '../../record/record.ts';

/** Generator processes that shared the schedule of each trial; 1 in results older than sharding. */
export function generatorsOf({ options }: Pick<Result, 'options'>): number {
  const { generators } = options as { generators?: unknown };
  return typeof generators === 'number' ? generators : 1;
}
