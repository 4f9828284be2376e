import { describe, expect, it } from 'vitest';
import { capacityOf, type Probe, UNKNOWN_CAPACITY } from '../../../src/measure/figures/capacity.ts';
import type { Effect } from '../../../src/measure/logs/effect-log.ts';
import { effectAt, START_NS } from '../synthetic.ts';

const probe = (forMs: number, more: Partial<Probe> = {}): Probe => ({
  failed: 0,
  perS: 1500,
  fromNs: START_NS,
  toNs: START_NS + forMs * 1e6,
  ...more,
});

/** One warm-up effect every `everyMs`, the first at `fromMs`, the last at `toMs`. */
function worked(fromMs: number, toMs: number, everyMs: number): Effect[] {
  const count = Math.round((toMs - fromMs) / everyMs) + 1;
  return Array.from({ length: count }, (_, i) => effectAt(i, fromMs + i * everyMs, { stage: 'warm-up' }));
}

describe('the capacity', () => {
  it('is what the caller saw, and what was done, per second', () => {
    expect(capacityOf(probe(1000), worked(0, 1000, 10))).toEqual({ acknowledgedPerS: 1500, donePerS: 100 });
  });

  it('is unknown without a probe, and of one that was too short', () => {
    expect(capacityOf(undefined, [])).toEqual(UNKNOWN_CAPACITY);
    expect(capacityOf(probe(999), worked(0, 1200, 10))).toEqual(UNKNOWN_CAPACITY);
  });

  it('is unknown of a probe in which anything failed', () => {
    expect(capacityOf(probe(1000, { failed: 1 }), worked(0, 1000, 10))).toEqual(UNKNOWN_CAPACITY);
  });

  it('of a flooded queue is the rate at which it was worked off, after the probe as well', () => {
    // A slow start; then 500/s, long past the probe's end.
    const effects = [...worked(900, 990, 10), ...worked(1000, 4000, 2)];
    expect(capacityOf(probe(1000), effects).donePerS).toBe(500);
    expect(capacityOf(probe(1000), effects.toReversed()).donePerS).toBe(500);
  });

  it('of work is unknown where it did not last three quarters of a second', () => {
    expect(capacityOf(probe(1000), worked(0, 749, 1)).donePerS).toBeNull();
    expect(capacityOf(probe(1000), worked(0, 750, 1)).donePerS).toBe(1000);
    expect(capacityOf(probe(1000), []).donePerS).toBeNull();
  });

  it('of work is that of the slowest subscriber, and unknown where one of them is', () => {
    const by = (subscriber: number, effects: Effect[]) =>
      effects.map((effect) => ({ ...effect, subscriber }));
    const slow = by(1, worked(0, 1000, 5));
    expect(capacityOf(probe(1000), [...worked(0, 1000, 1), ...slow]).donePerS).toBe(200);
    const short = by(1, worked(0, 100, 1));
    expect(capacityOf(probe(1000), [...worked(0, 1000, 1), ...short]).donePerS).toBeNull();
  });

  it('is that of the warm-up only', () => {
    const later = worked(0, 3000, 1).map((effect) => ({ ...effect, stage: 'measured' as const }));
    expect(capacityOf(probe(1000), [...worked(0, 1000, 10), ...later]).donePerS).toBe(100);
  });
});
