import { describe, expect, it } from 'vitest';
import { nowNs } from '../../src/kernel/clock.ts';
import { realScheduler } from '../../src/policies/real-scheduler.ts';

describe('the real scheduler', () => {
  it('calls nobody back before the time by the clock that it shows, fractions of a millisecond included', async () => {
    const early = Array.from({ length: 40 }, (_, i) => {
      const ms = i / 2 + 0.3;
      const beganMs = realScheduler.nowMs();
      return new Promise<number>((resolve) => {
        realScheduler.after(ms, () => resolve(beganMs + ms - realScheduler.nowMs()));
      });
    });
    // The clock's own step, and what is lost in turning ns into ms, are far below a microsecond.
    for (const byMs of await Promise.all(early)) expect(byMs).toBeLessThan(1e-3);
  });

  it('shows the clock on which deadlines are told', () => {
    const beforeNs = nowNs();
    const shownNs = realScheduler.nowMs() * 1e6;
    expect(shownNs).toBeGreaterThanOrEqual(beforeNs - 1000);
    expect(shownNs).toBeLessThanOrEqual(nowNs() + 1000);
  });

  it('does not call back what was taken back', async () => {
    const called: string[] = [];
    const takeBack = realScheduler.after(1, () => called.push('taken back'));
    takeBack();
    await new Promise<void>((resolve) => {
      realScheduler.after(5, () => resolve());
    });
    expect(called).toEqual([]);
  });
});
