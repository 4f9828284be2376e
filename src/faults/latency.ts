import { z } from 'zod';
import { boundedNumber } from '../kernel/bounded.ts';
import { shareOfMessages } from './share.ts';
import type { ApplicationFault, Struck } from './fault.ts';

const MOST_MS = 600_000;

const options = z.strictObject({
  share: shareOfMessages,
  distribution: z
    .enum(['fixed', 'uniform', 'normal', 'pareto'])
    .default('fixed')
    .describe('distribution of the delays'),
  ms: boundedNumber(0, MOST_MS)
    .default(100)
    .describe('fixed: each delay; uniform: their middle; normal: their mean; pareto: their minimum; in ms'),
  spreadMs: boundedNumber(0, MOST_MS)
    .default(0)
    .describe('uniform: half the width; normal: standard deviation'),
  shape: boundedNumber(0.1, 100)
    .default(1.5)
    .describe('pareto: the tail, P(delay > x) = (ms / x)^shape; at or below 1 it has no mean'),
  maxMs: boundedNumber(0, MOST_MS).default(10_000).describe('longest delay; the shortest is 0'),
});
type Options = z.infer<typeof options>;

/** The work begins `ms` later, and occupies the service meanwhile: a slow consumer, where a queue is consumed. */
export const definition: ApplicationFault<Options> = {
  name: 'latency',
  title: 'messages occupy the service for longer: over a queue, a slow consumer',
  state: 'slow',
  layer: 'application',
  strikesBy: 'instant',
  options,
  strike(message, given) {
    if (message.draw('latency') >= given.share) return undefined;
    const ms = DELAY_MS[given.distribution](message.draw, given);
    return { kind: 'delay', ms: Math.min(given.maxMs, Math.max(0, ms)) };
  },
};

/**
 * Samplers by inversion of the distribution; normal by G. Box and M. Muller's transform (Ann. Math. Stat. 29, 1958).
 */
const DELAY_MS: Readonly<Record<Options['distribution'], (draw: Struck['draw'], given: Options) => number>> =
  {
    fixed: (_draw, { ms }) => ms,
    uniform: (draw, { ms, spreadMs }) => ms + (2 * draw('delay') - 1) * spreadMs,
    normal: (draw, { ms, spreadMs }) => ms + standardNormal(draw) * spreadMs,
    pareto: (draw, { ms, shape }) => ms / (1 - draw('delay')) ** (1 / shape),
  };

function standardNormal(draw: Struck['draw']): number {
  return Math.sqrt(-2 * Math.log(1 - draw('radius'))) * Math.cos(2 * Math.PI * draw('angle'));
}
