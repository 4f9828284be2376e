import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CallEnd } from '../../src/generator/call-end.ts';

/** Listeners a, b, c come and go, one time each at most; somewhere in between the wait ends. */
const steps = fc.array(
  fc.record({ what: fc.constantFrom('add', 'remove', 'abort'), who: fc.nat({ max: 2 }) }),
  { maxLength: 12 },
);

test('it tells those that listen, once, just as an AbortController does', () => {
  fc.assert(
    fc.property(steps, (all) => {
      const told: number[][] = [[], []];
      const own = new CallEnd();
      const platform = new AbortController();
      const ends = [own, platform.signal] as const;
      const listeners = ends.map((_, e) => [0, 1, 2].map((who) => () => void told[e]!.push(who)));
      const added = new Set<number>();
      for (const { what, who } of all) {
        if (what === 'abort') {
          own.abort();
          platform.abort();
        } else if (what === 'remove' || !added.has(who)) {
          ends.forEach((end, e) => {
            if (what === 'add') end.addEventListener('abort', listeners[e]![who]!, { once: true });
            else end.removeEventListener('abort', listeners[e]![who]!);
          });
          if (what === 'add') added.add(who);
          else added.delete(who);
        }
        expect(own.aborted).toBe(platform.signal.aborted);
      }
      expect(told[0]).toEqual(told[1]);
    }),
  );
});
