import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { LinkState } from '../../../src/faults/fault.ts';
import { createLane, type Lane, type Passing } from '../../../src/components/proxy/proxy-lane.ts';

const MS = 1e6;

const stateOf: fc.Arbitrary<LinkState | null> = fc.oneof(
  fc.constant(null),
  fc.constant<LinkState>({ kind: 'black-hole' }),
  fc.record({ kind: fc.constant('delay' as const), ms: fc.integer({ min: 1, max: 50 }) }),
  fc.record({ kind: fc.constant('bandwidth' as const), bytesPerS: fc.integer({ min: 100, max: 100_000 }) }),
);

type Step =
  | { readonly do: 'put'; readonly size: number }
  | { readonly do: 'set'; readonly state: LinkState | null }
  | { readonly do: 'wait'; readonly ns: number };
const stepOf: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('put' as const), size: fc.integer({ min: 1, max: 3000 }) }),
  fc.record({ do: fc.constant('set' as const), state: stateOf }),
  fc.record({ do: fc.constant('wait' as const), ns: fc.integer({ min: 0, max: 60 * MS }) }),
);

/** A lane under a clock that only `until` moves, and everything that came out of it, with its instant. */
function drive() {
  const lane = createLane();
  const out: { readonly passing: Passing; readonly atNs: number }[] = [];
  let nowNs = 0;
  let put = 0;
  const drain = () => {
    for (let next = lane.take(nowNs); next; next = lane.take(nowNs)) out.push({ passing: next, atNs: nowNs });
  };
  return {
    lane,
    out,
    get nowNs() {
      return nowNs;
    },
    /** Bytes that count on from where the last ones ended. */
    put(size: number) {
      lane.put({ kind: 'bytes', bytes: Uint8Array.from({ length: size }, () => put++ % 251) }, nowNs);
      drain();
    },
    finish() {
      lane.put({ kind: 'end' }, nowNs);
      drain();
    },
    set(state: LinkState | null) {
      lane.set(state, nowNs);
      drain();
    },
    /** From one due instant to the next, as a timer would. */
    until(endNs: number) {
      for (let due = lane.dueNs(nowNs); due <= endNs; due = lane.dueNs(nowNs)) {
        const before = out.length;
        nowNs = due;
        drain();
        expect(out.length, 'something passes when it is due').toBeGreaterThan(before);
      }
      nowNs = Math.max(nowNs, endNs);
    },
    total: () => put,
  };
}

type Driven = ReturnType<typeof drive>;

function bytesOf(out: Driven['out']): number[] {
  return out.flatMap(({ passing }) => (passing.kind === 'bytes' ? [...passing.bytes] : []));
}

function counting(size: number): number[] {
  return Array.from({ length: size }, (_, i) => i % 251);
}

test('everything comes out once, in order and before the end, whatever the link went through', () => {
  fc.assert(
    fc.property(fc.array(stepOf, { maxLength: 40 }), (steps) => {
      const driven = drive();
      for (const step of steps) {
        if (step.do === 'put') driven.put(step.size);
        else if (step.do === 'set') driven.set(step.state);
        else driven.until(driven.nowNs + step.ns);
        expect(bytesOf(driven.out)).toHaveLength(driven.total() - driven.lane.waitingBytes);
      }
      driven.finish();
      driven.set(null);
      expect(bytesOf(driven.out)).toEqual(counting(driven.total()));
      expect(driven.out.map(({ passing }) => passing.kind).indexOf('end')).toBe(driven.out.length - 1);
      expect(driven.lane.dueNs(driven.nowNs)).toBe(Infinity);
    }),
  );
});

test('a delay lets each chunk pass at its own instant, not one nanosecond sooner', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.array(fc.integer({ min: 0, max: 20 * MS }), { minLength: 1, maxLength: 20 }),
      (ms, gapsNs) => {
        const driven = drive();
        driven.set({ kind: 'delay', ms });
        const cameNs: number[] = [];
        for (const gapNs of gapsNs) {
          driven.until(driven.nowNs + gapNs);
          cameNs.push(driven.nowNs);
          driven.put(1);
        }
        driven.until(driven.nowNs + 100 * MS);
        expect(driven.out.map(({ atNs }) => atNs)).toEqual(cameNs.map((at) => at + ms * MS));
      },
    ),
  );
});

test('no span of time lets more pass than the bandwidth, and a burst of 20 ms', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 100, max: 100_000 }),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 3000 }), fc.integer({ min: 0, max: 40 * MS })), {
        minLength: 1,
        maxLength: 15,
      }),
      (bytesPerS, puts) => {
        const driven = drive();
        driven.set({ kind: 'bandwidth', bytesPerS });
        for (const [size, gapNs] of puts) {
          driven.put(size);
          driven.until(driven.nowNs + gapNs);
        }
        const burst = Math.max(1, Math.floor(bytesPerS * 0.02));
        for (const [i, first] of driven.out.entries()) {
          let passed = 0;
          for (const { passing, atNs } of driven.out.slice(i)) {
            passed += passing.kind === 'bytes' ? passing.bytes.length : 0;
            expect(passed).toBeLessThanOrEqual(burst + ((atNs - first.atNs) * bytesPerS) / 1e9);
          }
        }
      },
    ),
  );
});

test('a thousand bytes at a thousand a second take a second: nothing at first, then 20 each 20 ms', () => {
  const driven = drive();
  driven.set({ kind: 'bandwidth', bytesPerS: 1000 });
  driven.put(1000);
  driven.until(1000 * MS);
  expect(driven.out.map(({ atNs }) => atNs)).toEqual(Array.from({ length: 50 }, (_, i) => 20 * MS * (i + 1)));
  expect(driven.lane.waitingBytes).toBe(0);
});

test('a black hole has no instant at which to look again', () => {
  const lane: Lane = createLane();
  lane.set({ kind: 'black-hole' }, 0);
  lane.put({ kind: 'end' }, 0);
  expect(lane.dueNs(1e18)).toBe(Infinity);
  expect(lane.take(1e18)).toBeUndefined();
});
