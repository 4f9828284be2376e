import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { draw } from '../../src/kernel/random.ts';
import { definition as circuitBreaker } from '../../src/policies/circuit-breaker.ts';
import { definition as guidesBreaker } from '../../src/policies/guides-breaker.ts';
import { testbedOf } from './breaker-bench.ts';

describe("the guides' breaker", () => {
  it('opens at its k-th failure, whatever successes lie between', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.boolean(), { maxLength: 60 }),
        async (failures, fates) => {
          const testbed = testbedOf(guidesBreaker, { failures });
          const kth = fates.flatMap((isGood, i) => (isGood ? [] : [i]))[failures - 1];
          for (const isGood of fates.slice(0, kth)) await testbed.call(isGood ? 'ok' : 'error');
          expect(testbed.changes()).toEqual([]);
          if (kth === undefined) return;
          await testbed.call('error');
          expect(testbed.changes()).toEqual(['opened@1000']);
        },
      ),
    );
  });

  it.each(['ok', 'error'] as const)(
    'lets any number try in half-open; the first to end decides: %s',
    async (first) => {
      const testbed = testbedOf(guidesBreaker, {});
      for (let i = 0; i < 5; i++) await testbed.call('error');
      await testbed.advance(29_999);
      expect(testbed.begin().isSent).toBe(false);
      await testbed.advance(1);
      const trying = Array.from({ length: 200 }, () => testbed.begin());
      expect(trying.every(({ isSent }) => isSent)).toBe(true);
      expect(testbed.events.filter(({ what }) => what === 'probe')).toHaveLength(200);
      await trying[117]!.end(first);
      const after = first === 'ok' ? 'closed@31000' : 'opened@31000';
      expect(testbed.changes()).toEqual(['opened@1000', 'half-open@31000', after]);
      expect(testbed.begin().isSent).toBe(first === 'ok');
    },
  );

  it('opens about every 5,000 calls where one in a thousand fails; one that wants 5 in a row never does', async () => {
    const calls = 400_000;
    const guides = testbedOf(guidesBreaker, { openMs: 1 });
    const inARow = testbedOf(circuitBreaker, { mode: 'consecutive' });
    let failures = 0;
    for (let i = 0; i < calls; i++) {
      const ending = draw(7, 'background', i) < 0.001 ? 'error' : 'ok';
      if (ending === 'error') failures++;
      const before = guides.changes().length;
      await Promise.all([guides.call(ending), inARow.call(ending)]);
      if (guides.changes().length > before) await guides.advance(1);
    }
    const opens = guides.changes().filter((change) => change.startsWith('opened')).length;
    // Each takes 5 failures: a negative binomial of mean 5/p = 5,000 and deviation √(5(1−p))/p = 2,235 calls.
    const meanCalls = calls / opens;
    expect(opens).toBe(Math.floor(failures / 5));
    expect(Math.abs(meanCalls - 5000)).toBeLessThan((3 * 2235) / Math.sqrt(opens));
    expect(inARow.changes()).toEqual([]);
  });
});
