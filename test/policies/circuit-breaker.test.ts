import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { definition as circuitBreaker } from '../../src/policies/circuit-breaker.ts';
import { compose, policySpecSchema } from '../../src/policies/policies.ts';
import { type Begun, type Ending, testbedOf, type Testbed } from './breaker-bench.ts';
import { systemOf, contextOf, failureOf, messageOf, OK, virtualTime } from './virtual.ts';

const REJECTED = {
  kind: 'failure',
  outcome: 'rejected',
  noEffect: true,
  status: 0,
  detail: 'circuit breaker open',
};

interface Settings {
  readonly mode: 'count' | 'time' | 'consecutive';
  readonly windowCalls: number;
  readonly windowMs: number;
  readonly failuresInARow: number;
  readonly minimumCalls: number;
  readonly failureRate: number;
  readonly slowCallMs: number;
  readonly slowCallRate: number;
  readonly openMs: number;
  readonly permittedInHalfOpen: number;
}

const settings: fc.Arbitrary<Settings> = fc.record({
  mode: fc.constantFrom('count', 'time', 'consecutive'),
  windowCalls: fc.integer({ min: 1, max: 8 }),
  windowMs: fc.integer({ min: 100, max: 2000 }),
  failuresInARow: fc.integer({ min: 1, max: 4 }),
  minimumCalls: fc.integer({ min: 1, max: 10 }),
  failureRate: fc.integer({ min: 1, max: 10 }).map((tenths) => tenths / 10),
  slowCallMs: fc.integer({ min: 50, max: 400 }),
  slowCallRate: fc.integer({ min: 1, max: 10 }).map((tenths) => tenths / 10),
  openMs: fc.integer({ min: 1, max: 800 }),
  permittedInHalfOpen: fc.integer({ min: 1, max: 4 }),
});

type Step =
  | { readonly kind: 'begin'; readonly times: number }
  /** One of those still open, by its place among them. */
  | { readonly kind: 'end'; readonly which: number; readonly ending: Ending }
  | { readonly kind: 'advance'; readonly ms: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('begin' as const), times: fc.integer({ min: 1, max: 3 }) }),
  fc.record({
    kind: fc.constant('end' as const),
    which: fc.nat(20),
    ending: fc.constantFrom<Ending>('ok', 'ok', 'error', 'timeout', 'connection-lost', 'rejected'),
  }),
  fc.record({ kind: fc.constant('advance' as const), ms: fc.integer({ min: 0, max: 500 }) }),
);
const steps = fc.array(step, { minLength: 20, maxLength: 120 });

/** What a step came to: calls begun, the one ended. */
interface Seen {
  begun(call: Begun): void;
  ended(call: Begun, ending: Ending): void;
}

async function play(testbed: Testbed, plan: readonly Step[], seen: Seen): Promise<void> {
  const open: Begun[] = [];
  for (const next of plan) {
    if (next.kind === 'advance') await testbed.advance(next.ms);
    else if (next.kind === 'begin') {
      for (let i = 0; i < next.times; i++) {
        const call = testbed.begin();
        if (call.isSent) open.push(call);
        seen.begun(call);
      }
    } else if (open.length > 0) {
      const [call] = open.splice(next.which % open.length, 1);
      await call!.end(next.ending);
      seen.ended(call!, next.ending);
    }
  }
}

interface Counted {
  readonly endedMs: number;
  readonly isFailure: boolean;
  readonly isSlow: boolean;
}

/** The same rules over a list of everything: no ring, no sums, no slots. */
class Model {
  readonly changes: string[] = [];
  readonly #given: Settings;
  #state: 'opened' | 'half-open' | 'closed' = 'closed';
  #sinceMs = 0;
  #era = 0;
  #counted: Counted[] = [];
  #permits = 0;
  readonly #admitted = new Map<number, { readonly era: number; readonly atMs: number }>();

  constructor(given: Settings) {
    this.#given = given;
  }

  admits(sequence: number, nowMs: number): boolean {
    const { openMs, permittedInHalfOpen } = this.#given;
    if (this.#state === 'opened' && nowMs - this.#sinceMs >= openMs) {
      this.#change('half-open', nowMs);
      this.#permits = permittedInHalfOpen;
    }
    if (this.#state === 'opened' || (this.#state === 'half-open' && this.#permits === 0)) return false;
    this.#permits--;
    this.#admitted.set(sequence, { era: this.#era, atMs: nowMs });
    return true;
  }

  end(sequence: number, ending: Ending, nowMs: number): void {
    const { era, atMs } = this.#admitted.get(sequence)!;
    if (era !== this.#era) return;
    if (ending === 'rejected') {
      this.#permits++;
      return;
    }
    const isSlow = nowMs - atMs > this.#given.slowCallMs;
    this.#counted.push({ endedMs: nowMs, isFailure: ending !== 'ok', isSlow });
    if (this.#state === 'closed' && this.#isTooMuch(nowMs)) this.#change('opened', nowMs);
    const { minimumCalls, permittedInHalfOpen } = this.#given;
    if (this.#state !== 'half-open') return;
    if (this.#counted.length < Math.min(minimumCalls, permittedInHalfOpen)) return;
    this.#change(this.#isOver(this.#counted) ? 'opened' : 'closed', nowMs);
  }

  #isTooMuch(nowMs: number): boolean {
    const { mode, windowCalls, windowMs, failuresInARow, minimumCalls } = this.#given;
    if (mode === 'consecutive') {
      const last = this.#counted.slice(-failuresInARow);
      return last.length === failuresInARow && last.every((call) => call.isFailure || call.isSlow);
    }
    const tenth = (ms: number): number => Math.floor((ms * 10) / windowMs);
    const calls =
      mode === 'count'
        ? this.#counted.slice(-windowCalls)
        : this.#counted.filter(({ endedMs }) => tenth(nowMs) - tenth(endedMs) < 10);
    const least = mode === 'count' ? Math.min(minimumCalls, windowCalls) : minimumCalls;
    return calls.length >= least && this.#isOver(calls);
  }

  #isOver(calls: readonly Counted[]): boolean {
    const shareOf = (is: (call: Counted) => boolean): number => calls.filter(is).length / calls.length;
    return (
      shareOf(({ isFailure }) => isFailure) >= this.#given.failureRate ||
      shareOf(({ isSlow }) => isSlow) >= this.#given.slowCallRate
    );
  }

  #change(to: 'opened' | 'half-open' | 'closed', nowMs: number): void {
    this.#state = to;
    this.#sinceMs = nowMs;
    this.#era++;
    this.#counted = [];
    this.changes.push(`${to}@${nowMs}`);
  }
}

describe('the circuit breaker', () => {
  it('counts and decides as a naive model of each mode does', async () => {
    await fc.assert(
      fc.asyncProperty(settings, steps, async (given, plan) => {
        const testbed = testbedOf(circuitBreaker, given);
        const model = new Model(given);
        await play(testbed, plan, {
          begun: ({ sequence, isSent }) => expect(isSent).toBe(model.admits(sequence, testbed.nowMs())),
          ended: ({ sequence }, ending) => model.end(sequence, ending, testbed.nowMs()),
        });
        expect(testbed.changes()).toEqual(model.changes);
      }),
      { numRuns: 400 },
    );
  });

  it('changes only as it may, and lets nobody through before openMs', async () => {
    const follows = { closed: ['opened'], opened: ['half-open'], 'half-open': ['opened', 'closed'] };
    await fc.assert(
      fc.asyncProperty(settings, steps, async (given, plan) => {
        const testbed = testbedOf(circuitBreaker, given);
        const last = (): [state: keyof typeof follows, atMs: number] => {
          const [state, at] = (testbed.changes().at(-1) ?? 'closed@0').split('@');
          return [state as keyof typeof follows, Number(at)];
        };
        await play(testbed, plan, {
          begun({ isSent }) {
            const [state, atMs] = last();
            // An open one that lets a call through is half-open by then.
            if (isSent) expect(state).not.toBe('opened');
            else if (state === 'opened') expect(testbed.nowMs() - atMs).toBeLessThan(given.openMs);
            else expect(state).toBe('half-open');
          },
          ended: () => undefined,
        });
        let before: keyof typeof follows = 'closed';
        let openedMs = 0;
        for (const change of testbed.changes()) {
          const [to, at] = change.split('@') as [keyof typeof follows, string];
          expect(follows[before]).toContain(to);
          if (to === 'opened') openedMs = Number(at);
          if (to === 'half-open') expect(Number(at) - openedMs).toBeGreaterThanOrEqual(given.openMs);
          before = to;
        }
      }),
      { numRuns: 300 },
    );
  });

  it('never has more calls try in half-open than permitted, at once or in all', async () => {
    await fc.assert(
      fc.asyncProperty(settings, steps, async (given, plan) => {
        const testbed = testbedOf(circuitBreaker, given);
        /** Of the present half-open: still at work, ended, dead-lettered as counting neither way. */
        const trying = new Set<number>();
        let let_through = 0;
        let ignored = 0;
        let episode = 0;
        let probesBefore = 0;
        await play(testbed, plan, {
          begun({ sequence }) {
            const episodes = testbed.events.filter(({ what }) => what === 'half-open').length;
            if (episodes !== episode) {
              trying.clear();
              [let_through, ignored, episode] = [0, 0, episodes];
            }
            const probes = testbed.events.filter(({ what }) => what === 'probe').length;
            if (probes > probesBefore) {
              trying.add(sequence);
              let_through++;
            }
            probesBefore = probes;
            expect(trying.size).toBeLessThanOrEqual(given.permittedInHalfOpen);
            expect(let_through - ignored).toBeLessThanOrEqual(given.permittedInHalfOpen);
          },
          ended({ sequence }, ending) {
            if (trying.delete(sequence) && ending === 'rejected') ignored++;
          },
        });
      }),
      { numRuns: 300 },
    );
  });

  it('rejects at once, without effect, and says so', async () => {
    const testbed = testbedOf(circuitBreaker, { mode: 'consecutive', failuresInARow: 2, openMs: 100 });
    await testbed.call('error');
    await testbed.call('connection-lost');
    expect(await testbed.call('ok')).toEqual(REJECTED);
    expect(testbed.events).toEqual([
      { policy: 'circuit-breaker', what: 'opened', cause: '2 failures in a row' },
      { policy: 'circuit-breaker', what: 'rejected', cause: 'open', sequence: 2 },
    ]);
  });

  it('opens by slow calls alone, and closes when those that try are quick', async () => {
    const testbed = testbedOf(circuitBreaker, {
      windowCalls: 4,
      minimumCalls: 4,
      slowCallMs: 200,
      slowCallRate: 0.75,
      openMs: 1000,
      permittedInHalfOpen: 2,
    });
    const slow = [1, 2, 3].map(() => testbed.begin());
    await testbed.advance(200.5);
    for (const call of slow) await call.end('ok');
    expect(testbed.changes()).toEqual([]);
    await testbed.call('ok');
    expect(testbed.events).toMatchObject([{ what: 'opened', cause: '3 of 4 calls took more than 200 ms' }]);
    await testbed.advance(1000);
    const trying = [testbed.begin(), testbed.begin(), testbed.begin()];
    expect(trying.map(({ isSent }) => isSent)).toEqual([true, true, false]);
    await trying[0]!.end('ok');
    expect(testbed.changes()).toEqual(['opened@1200.5', 'half-open@2200.5']);
    await trying[1]!.end('ok');
    expect(testbed.changes().at(-1)).toBe('closed@2200.5');
    expect(testbed.events.filter(({ what }) => what === 'probe').map(({ sequence }) => sequence)).toEqual([
      4, 5,
    ]);
  });

  it('reaches a share exactly: 7 of 100 are 7 %', async () => {
    const testbed = testbedOf(circuitBreaker, { failureRate: 0.07 });
    for (let i = 0; i < 93; i++) await testbed.call('ok');
    for (let i = 0; i < 6; i++) await testbed.call('error');
    expect(testbed.changes()).toEqual([]);
    await testbed.call('error');
    expect(testbed.events).toMatchObject([{ what: 'opened', cause: '7 of 100 calls failed' }]);
  });

  it('passes on the very message and options, and gives back the very result', async () => {
    const message = messageOf(1);
    const options = { deadlineNs: 5 };
    const seen: unknown[] = [];
    const call = compose(
      async (...given) => {
        seen.push(...given);
        return OK;
      },
      [
        policySpecSchema.parse({ policy: 'circuit-breaker' }),
        policySpecSchema.parse({ policy: 'guides-breaker' }),
      ],
      contextOf(virtualTime()),
    );
    expect(await call(message, options)).toBe(OK);
    expect(seen[0]).toBe(message);
    expect(seen[1]).toBe(options);
  });

  it.each(['circuit-breaker', 'guides-breaker'])(
    'does not hold it against the service that a hedge was quicker: %s',
    async (policy) => {
      const time = virtualTime();
      const context = contextOf(time);
      // The first of each two never answers.
      const system = systemOf(time, (n) => (n % 2 === 0 ? null : { ms: 1, result: OK }));
      const touchy =
        policy === 'guides-breaker' ? { failures: 1 } : { mode: 'consecutive', failuresInARow: 1 };
      const specs = [
        { policy: 'hedge', afterMs: 10 },
        { policy, ...touchy },
      ];
      const call = compose(
        system.send,
        specs.map((spec) => policySpecSchema.parse(spec)),
        context,
      );
      for (let i = 0; i < 20; i++) {
        const result = call(messageOf(i));
        await time.advance(11);
        expect(await result).toBe(OK);
      }
      expect(system.seen.filter(({ aborted }) => aborted)).toHaveLength(20);
      expect(context.events.map(({ what }) => what)).toEqual(Array.from({ length: 20 }, () => 'hedged'));
    },
  );

  it('takes an answer about what was asked for a sign of health, and a refusal inside of it for none at all', async () => {
    const given = { windowCalls: 4, minimumCalls: 1, failureRate: 0.5 };
    const testbed = testbedOf(circuitBreaker, given);
    for (let i = 0; i < 3; i++) await testbed.call(failureOf('error', { answered: 'not-found' }));
    for (let i = 0; i < 9; i++) await testbed.call('rejected');
    await testbed.call('error');
    expect(testbed.changes()).toEqual([]);
    await testbed.call('error');
    expect(testbed.events).toMatchObject([{ what: 'opened', cause: '2 of 4 calls failed' }]);
  });
});
