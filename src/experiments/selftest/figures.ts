import { isOneAnswer } from '../../contracts/interactions.ts';
import type { Phase, Series } from '../../measure/figures/figures.ts';
import { quantileUs } from '../../measure/figures/histogram.ts';
import type { ResolvedPattern } from '../../plan/spec.ts';

/** The series that shows the pattern's own work: the reply, or the effect of the last subscriber. */
export function workOf({ interaction }: ResolvedPattern): 'response' | 'completion' {
  return isOneAnswer(interaction) ? 'response' : 'completion';
}

export function workSeries(pattern: ResolvedPattern, phase: Phase): Series {
  return phase[workOf(pattern)];
}

/** NaN for an empty series: it is within no tolerance. */
export function quantileMs(series: Series, q: number): number {
  return (quantileUs(series, q) ?? Number.NaN) / 1000;
}

export function msText(ms: number): string {
  return `${ms.toFixed(ms < 100 ? 2 : 0)} ms`;
}
