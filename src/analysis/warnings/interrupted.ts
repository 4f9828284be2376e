import type { Result } from '../../record/record.ts';

export interface Interrupted {
  readonly code: 'interrupted';
  readonly trials: number;
  readonly planned: number;
}

export function interruptedRun({ state, trials, design: { order } }: Result): Interrupted[] {
  if (state !== 'interrupted' && state !== 'running') return [];
  return [{ code: 'interrupted', trials: trials.length, planned: order.length }];
}
