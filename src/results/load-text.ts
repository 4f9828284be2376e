import type { LoadShape } from '../kernel/load-shape.ts';
import { formatMs, formatRate } from './format.ts';

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
    case 'steps':
      return load.steps.map((step) => `${formatRate(step.ratePerS)} for ${formatMs(step.forMs)}`).join(', ');
  }
}
