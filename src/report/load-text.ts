import type { LoadShape } from '../kernel/load-shape.ts';
import type { Scenario } from '../scenario/schema/schema.ts';
import { formatMs, formatRate } from './format.ts';

/** The scenario's load, and that of each pattern that keeps to its own: `constant 100/s (gRPC stream: constant 5/s)`. */
export function loadsText({ load, patterns }: Scenario): string {
  const own = patterns.flatMap((pattern) =>
    pattern.load ? [`${pattern.title}: ${loadText(pattern.load)}`] : [],
  );
  return own.length === 0 ? loadText(load) : `${loadText(load)} (${own.join(', ')})`;
}

export function loadText(load: LoadShape): string {
  switch (load.shape) {
    case 'constant':
      return `constant ${formatRate(load.ratePerS)}`;
    case 'poisson':
      return `Poisson, ${formatRate(load.ratePerS)} on average`;
    case 'ramp':
      return `ramp from ${formatRate(load.fromPerS)} to ${formatRate(load.toPerS)}`;
    case 'spike':
      return `${formatRate(load.ratePerS)}, with a spike to ${formatRate(load.peakPerS)} for ${formatMs(load.forMs)}`;
    case 'blocks':
      return `${formatRate(load.ratePerS)} in ${load.blocks.length} blocks`;
    case 'steps':
      return load.steps.map((step) => `${formatRate(step.ratePerS)} for ${formatMs(step.forMs)}`).join(', ');
  }
}
