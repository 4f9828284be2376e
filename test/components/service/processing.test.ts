import { describe, expect, it } from 'vitest';
import { nowNs } from '../../../src/kernel/clock.ts';
import { createProcessing } from '../../../src/components/service/processing.ts';

describe('hold', () => {
  it('is none for zero', () => {
    expect(createProcessing(0)).toBeUndefined();
  });

  it.each([0.3, 1, 5, 20])('of %d ms never ends early', async (processingMs) => {
    const hold = createProcessing(processingMs)!;
    for (let i = 0; i < 10; i++) {
      const from = nowNs();
      await hold();
      expect(nowNs() - from).toBeGreaterThanOrEqual(processingMs * 1e6);
    }
  });

  it('holds many side by side and ends them in the order in which they began', async () => {
    const hold = createProcessing(3)!;
    const order: number[] = [];
    const held = Array.from({ length: 100 }, async (_, i) => {
      const from = nowNs();
      await hold();
      expect(nowNs() - from).toBeGreaterThanOrEqual(3e6);
      order.push(i);
    });
    await Promise.all(held);
    expect(order).toEqual(Array.from({ length: 100 }, (_, i) => i));
  });

  it('goes by the clock it is given, not by the timer', async () => {
    let now = 0;
    const hold = createProcessing(1, { nowNs: () => now })!;
    let over = false;
    const held = hold().then(() => (over = true));
    // Real time passes: turns of the event loop in which the hold looked, and was not over.
    for (let turn = 0; turn < 100; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(over).toBe(false);
    now = 1e6;
    await held;
    expect(over).toBe(true);
  });

  it('works again after a pause', async () => {
    const hold = createProcessing(1)!;
    await hold();
    await new Promise((resolve) => setImmediate(resolve));
    await hold();
  });
});
