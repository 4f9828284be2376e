import type { Drift, DriftFigure } from '../analysis/patterns/drift.ts';
import { formatCpuUs, formatUs } from './format.ts';

const NAMES: Readonly<Record<DriftFigure, string>> = {
  completion: 'completion p50',
  'cpu-service': 'CPU per request of the service',
  'cpu-broker': 'CPU per request of the broker',
};

/** `completion p50 fell from 14.6 to 3.80 ms over 5 rounds`. */
export function driftText({ figure, firstUs, lastUs, rounds }: Drift): string {
  const format = figure === 'completion' ? formatUs : formatCpuUs;
  const way = lastUs < firstUs ? 'fell' : 'rose';
  return `${NAMES[figure]} ${way} from ${format(firstUs)} to ${format(lastUs)} over ${rounds} rounds`;
}

export const DRIFTING =
  'Drifting: a figure of this pattern rose or fell from round to round, so it was in no steady state. Shown from the first round to the last; not ranked, not averaged.';
