import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Call, Failure, SendResult } from '../../src/kernel/transport.ts';
import { compose, mostAttempts, type PolicySpec, policySpecSchema } from '../../src/policies/policies.ts';
import {
  type Answer,
  type SystemUnderTest,
  systemOf,
  contextOf,
  failureOf,
  messageOf,
  OK,
  settled,
  virtualTime,
} from './virtual.ts';

const OUTCOMES = [
  'refused',
  'connection-lost',
  'timeout',
  'error',
  'rejected',
  'contract-broken',
] as const satisfies Failure['outcome'][];

/** A service behind policies, with defaults filled in as in a scenario. */
function behind(specs: readonly PolicySpec[], plan: (n: number) => Answer) {
  const time = virtualTime();
  const system = systemOf(time, plan);
  const context = contextOf(time);
  const stack = specs.map((spec) => policySpecSchema.parse(spec));
  const send = compose(system.send, stack, context);
  const told = () => context.events.map(({ policy, what }) => `${policy} ${what}`);
  return { time, system, context, send, told };
}

/** What came of a call, once it has come. */
function outcomeOf(result: SendResult): string {
  return result.kind === 'failure' ? result.outcome : 'ok';
}

const after = (ms: number, result: SendResult = OK): Answer => ({ ms, result });
const failing = (outcome: Failure['outcome'], more: Partial<Failure> = {}) =>
  after(0, failureOf(outcome, more));

/** Calls at once, moves time on, and says what came of it. */
async function call({ time, send }: ReturnType<typeof behind>, ms: number, sequence = 0) {
  const sent = send(messageOf(sequence));
  await time.advance(ms);
  return sent;
}

describe('none', () => {
  it('is the call itself', async () => {
    const testbed = behind([{ policy: 'none' }], () => after(10));
    expect(testbed.send).toBe(testbed.system.send);
    expect(mostAttempts([{ policy: 'none' }])).toBe(1);
  });
});

describe('timeout', () => {
  it.each([
    [49, 'ok', []],
    [51, 'timeout', ['timeout expired']],
  ])('of 50 ms: an answer after %d ms is %s', async (ms, outcome, events) => {
    const testbed = behind([{ policy: 'timeout', ms: 50 }], () => after(ms));
    expect(outcomeOf(await call(testbed, 50))).toBe(outcome);
    expect(testbed.told()).toEqual(events);
    expect(testbed.system.open()).toBe(0);
    expect(testbed.time.pending()).toBe(0);
  });

  it('that is over in the turn in which an answer comes makes it too late, whatever it says', async () => {
    for (const answer of [OK, failureOf('error', { noEffect: true })]) {
      const time = virtualTime();
      // Answers in the very abort, as a library may.
      const inner: Call = (_message, options) =>
        new Promise((resolve) => options!.signal!.addEventListener('abort', () => resolve(answer)));
      const send = compose(inner, [{ policy: 'timeout', ms: 50 }], contextOf(time));
      const sent = send(messageOf(0));
      await time.advance(50);
      const noEffect = answer.kind === 'failure' && answer.noEffect;
      expect(await sent).toMatchObject({ outcome: 'timeout', noEffect, detail: 'no answer within 50 ms' });
    }
  });

  it("leaves a wait that its caller ended first as the caller's, however slowly it ends", async () => {
    const time = virtualTime();
    const { emit, events, ...context } = contextOf(time);
    const inner: Call = (_message, options) =>
      new Promise((resolve) =>
        options!.signal!.addEventListener('abort', () => {
          time.scheduler.after(10, () => resolve(failureOf('timeout', { detail: 'the wait was ended' })));
        }),
      );
    const given = new AbortController();
    const send = compose(inner, [{ policy: 'timeout', ms: 50 }], { ...context, emit });
    const sent = send(messageOf(0), { signal: given.signal });
    await time.advance(49);
    given.abort();
    await time.advance(100);
    expect(await sent).toMatchObject({ outcome: 'timeout', detail: 'the wait was ended' });
    expect(events).toEqual([]);
  });

  it('keeps when the message was put on its connection', async () => {
    const lost = failureOf('connection-lost', { waitedNs: 7 });
    const time = virtualTime();
    const inner: Call = (_message, options) =>
      new Promise((resolve) => options!.signal!.addEventListener('abort', () => resolve(lost)));
    const sent = compose(inner, [{ policy: 'timeout', ms: 50 }], contextOf(time))(messageOf(0));
    await time.advance(50);
    expect(await sent).toMatchObject({ outcome: 'timeout', waitedNs: 7 });
  });
});

describe('deadline', () => {
  const NOW_NS = 1e9;
  const instant = fc.oneof(fc.constantFrom(0, NOW_NS), fc.integer({ min: NOW_NS - 2e8, max: NOW_NS + 2e8 }));

  it('begins nothing at or after it, tells the earliest that was given and never a later one, and ends with it', async () => {
    await fc.assert(
      fc.asyncProperty(
        instant,
        instant,
        fc.option(fc.integer({ min: 1, max: 200 })),
        async (orderedStartNs, outerNs, ms) => {
          const testbed = behind([{ policy: 'deadline', ms }], () => null);
          const given = outerNs === 0 ? {} : { deadlineNs: outerNs };
          const ownNs = ms === null ? Infinity : NOW_NS + ms * 1e6;
          const dueNs = Math.min(orderedStartNs || Infinity, outerNs || Infinity, ownNs);
          let result: SendResult | undefined;
          void testbed.send(messageOf(0, orderedStartNs), given).then((r) => (result = r));
          await settled();
          if (dueNs === Infinity) {
            expect(testbed.system.seen[0]!.deadlineNs).toBeUndefined();
            return;
          }
          if (dueNs <= NOW_NS) {
            expect(result).toMatchObject({ outcome: 'timeout', noEffect: true });
            expect(testbed.told()).toEqual(['deadline expired']);
            expect(testbed.system.seen).toHaveLength(0);
            return;
          }
          expect(testbed.system.seen[0]!.deadlineNs).toBe(dueNs);
          await testbed.time.advance(Math.ceil((dueNs - NOW_NS) / 1e6));
          expect(result).toMatchObject({ outcome: 'timeout', noEffect: false });
          expect(testbed.system.seen[0]!.endedMs).toBeCloseTo(dueNs / 1e6, 6);
          expect(testbed.told()).toEqual(['deadline expired']);
        },
      ),
    );
  });

  it('outside of a retry makes the later tries shorter, and lets none begin past it', async () => {
    const stack = [
      { policy: 'deadline', ms: 100 },
      { policy: 'retry', attempts: 10, backOff: 'none' },
      { policy: 'timeout', ms: 30 },
    ];
    const testbed = behind(stack, () => null);
    expect(await call(testbed, 100)).toMatchObject({
      outcome: 'timeout',
      detail: 'no answer before the deadline',
    });
    expect(testbed.system.seen.map(({ atMs }) => atMs)).toEqual([1000, 1030, 1060, 1090]);
    expect(new Set(testbed.system.seen.map(({ deadlineNs }) => deadlineNs))).toEqual(new Set([1.1e9]));
    expect(testbed.system.seen.at(-1)).toMatchObject({ aborted: true, endedMs: 1100 });
  });
});

describe('retry', () => {
  it('makes attempts tries and no more, exactly those that its outcomes ask for', async () => {
    const outcome = fc.constantFrom(...OUTCOMES, 'ok' as const);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 5 }),
        fc.uniqueArray(fc.constantFrom(...OUTCOMES), { minLength: 1 }),
        fc.array(outcome, { minLength: 5, maxLength: 5 }),
        async (attempts, on, script) => {
          const stack = [{ policy: 'retry', attempts, on, backOff: 'constant', baseMs: 10 }];
          const testbed = behind(stack, (n) => (script[n] === 'ok' ? after(0) : failing(script[n]!)));
          const result = await call(testbed, 1000);
          const stop = script.findIndex((o, i) => i + 1 === attempts || o === 'ok' || !on.includes(o));
          expect(testbed.system.seen).toHaveLength(stop + 1);
          expect(outcomeOf(result)).toBe(script[stop]);
          expect(testbed.told()).toEqual(Array.from({ length: stop }, () => 'retry retried'));
          expect(testbed.system.seen.map(({ atMs }) => atMs - 1000)).toEqual(
            testbed.system.seen.map((_, i) => 10 * i),
          );
        },
      ),
    );
  });

  it("is made of no failure that was the asker's fault: it would fail again", async () => {
    const triesOf = async (answered: NonNullable<Failure['answered']>) => {
      const testbed = behind([{ policy: 'retry' }], () => failing('error', { answered }));
      await call(testbed, 10_000);
      return testbed.system.seen.length;
    };
    expect(await triesOf('not-found')).toBe(1);
    expect(await triesOf('bad-request')).toBe(1);
    expect(await triesOf('internal')).toBe(3);
    expect(await triesOf('overloaded')).toBe(3);
  });

  it('promises no effect only where every try did', async () => {
    const testbed = behind([{ policy: 'retry', backOff: 'none' }], (n) =>
      n === 0 ? failing('connection-lost') : failing('refused', { noEffect: true }),
    );
    expect(await call(testbed, 0)).toMatchObject({ outcome: 'refused', noEffect: false });
    const refusing = behind([{ policy: 'retry', backOff: 'none' }], () =>
      failing('refused', { noEffect: true }),
    );
    expect(await call(refusing, 0)).toMatchObject({ outcome: 'refused', noEffect: true });
  });

  it('gives the last failure back where the budget is spent, without a wait, and says so', async () => {
    const budget = { ratio: 0.2, reservePerS: 0, ttlMs: 10_000 };
    const testbed = behind([{ policy: 'retry', attempts: 3, budget, baseMs: 100 }], () => failing('error'));
    for (let i = 0; i < 4; i++) expect(outcomeOf(await call(testbed, 0, i))).toBe('error');
    expect(testbed.told()).toEqual(Array.from({ length: 4 }, () => 'retry rejected'));
    expect(testbed.context.events[0]).toMatchObject({ cause: 'budget spent', sequence: 0 });
    await call(testbed, 5000, 4);
    expect(testbed.system.seen).toHaveLength(6);
    expect(testbed.told().slice(4)).toEqual(['retry retried', 'retry rejected']);
  });

  it('spends no credit twice: what was left before the wait may be gone after it', async () => {
    const budget = { ratio: 0.5, reservePerS: 0 };
    const stack = [{ policy: 'retry', attempts: 2, budget, backOff: 'constant', baseMs: 100 }];
    const testbed = behind(stack, () => failing('error'));
    await Promise.all([testbed.send(messageOf(0)), testbed.send(messageOf(1)), testbed.time.advance(200)]);
    expect(testbed.system.seen).toHaveLength(3);
    expect(testbed.told().toSorted()).toEqual(['retry rejected', 'retry retried']);
  });
});

describe('two edges in a row, the leaf failing throughout', () => {
  /** Calls at the middle and at the leaf for so many at the first, each edge under these policies. */
  async function amplified(spec: PolicySpec, calls: number): Promise<[middle: number, leaf: number]> {
    const time = virtualTime();
    const leaf = systemOf(time, () => failing('error'));
    const stack = [policySpecSchema.parse(spec)];
    let asked = 0;
    const toLeaf = compose(leaf.send, stack, contextOf(time, { edge: 'middle-leaf' }));
    const middle: Call = (message, options) => {
      asked++;
      return toLeaf(message, options);
    };
    const send = compose(middle, stack, contextOf(time, { edge: 'first-middle' }));
    for (let i = 0; i < calls; i++) {
      const sent = send(messageOf(i));
      await time.advance(1);
      await sent;
    }
    return [asked / calls, leaf.seen.length / calls];
  }

  it('is asked 3 and 9 times a call with three tries on each', async () => {
    expect(await amplified({ policy: 'retry', attempts: 3, backOff: 'none' }, 10)).toEqual([3, 9]);
  });

  it('is asked 1.2 and 1.44 times a call with a budget of 20 % and no reserve', async () => {
    const budget = { ratio: 0.2, reservePerS: 0 };
    const spec = { policy: 'retry', attempts: 3, backOff: 'none', budget };
    expect(await amplified(spec, 1000)).toEqual([1.2, 1.44]);
  });
});

describe('bulkhead', () => {
  it('never has more than maxOpen open and queue waiting, serves in order, and rejects the rest', async () => {
    const steps = fc.array(fc.record({ stepMs: fc.nat(30), takesMs: fc.integer({ min: 1, max: 80 }) }), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 0, max: 3 }),
        steps,
        async (maxOpen, queue, calls) => {
          const testbed = behind([{ policy: 'bulkhead', maxOpen, queue }], (n) => after(calls[n]!.takesMs));
          let inside = 0;
          const results: Promise<SendResult>[] = [];
          for (const [i, { stepMs }] of calls.entries()) {
            await testbed.time.advance(stepMs);
            const wasFull = inside === maxOpen + queue;
            inside++;
            const sent = testbed.send(messageOf(i)).finally(() => inside--);
            results.push(sent);
            await settled();
            if (wasFull) expect(await sent).toMatchObject({ outcome: 'rejected', noEffect: true });
            expect(inside).toBeLessThanOrEqual(maxOpen + queue);
          }
          await testbed.time.advance(10_000);
          const outcomes = (await Promise.all(results)).map(outcomeOf);
          expect(testbed.system.most()).toBeLessThanOrEqual(maxOpen);
          const served = outcomes.flatMap((outcome, i) => (outcome === 'ok' ? [i] : []));
          expect(testbed.system.seen.map(({ message }) => message.envelope.sequence)).toEqual(served);
          expect(testbed.told()).toHaveLength(outcomes.filter((outcome) => outcome === 'rejected').length);
        },
      ),
    );
  });

  it('lets whoever ends a waiting call out of the queue at once, unsent, and gives its place away', async () => {
    const testbed = behind([{ policy: 'bulkhead', maxOpen: 1, queue: 1 }], () => after(100));
    const first = testbed.send(messageOf(0));
    const given = new AbortController();
    const second = testbed.send(messageOf(1), { signal: given.signal });
    await settled();
    given.abort();
    expect(await second).toMatchObject({ outcome: 'timeout', noEffect: true });
    const third = testbed.send(messageOf(2));
    await testbed.time.advance(200);
    expect([await first, await third].map(outcomeOf)).toEqual(['ok', 'ok']);
    expect(testbed.system.seen.map(({ message }) => message.envelope.sequence)).toEqual([0, 2]);
  });
});

describe('hedge', () => {
  const hedged = (plan: (n: number) => Answer) => behind([{ policy: 'hedge', afterMs: 50 }], plan);

  it.each([
    ['an answer before it: no second', [after(49)], 'ok', 49, 1],
    ['a failure before it: the result', [after(49, failureOf('error'))], 'error', 49, 1],
    ['a quick second wins', [after(500), after(20)], 'ok', 70, 2],
    ['the first may still win', [after(60), after(500)], 'ok', 60, 2],
    ['the first fails, the second answers', [after(60, failureOf('error')), after(20)], 'ok', 70, 2],
    [
      'both fail: the later one',
      [after(90, failureOf('refused')), after(20, failureOf('error'))],
      'refused',
      90,
      2,
    ],
  ])('%s', async (_what, answers, outcome, ms, attempts) => {
    const testbed = hedged((n) => answers[n]!);
    let endedMs = 0;
    const sent = testbed.send(messageOf(0)).finally(() => (endedMs = testbed.time.scheduler.nowMs() - 1000));
    await testbed.time.advance(1000);
    expect(outcomeOf(await sent)).toBe(outcome);
    expect(endedMs).toBe(ms);
    expect(testbed.system.seen).toHaveLength(attempts);
    expect(testbed.told()).toEqual(attempts === 2 ? ['hedge hedged'] : []);
    expect(testbed.system.seen.filter(({ aborted }) => aborted)).toHaveLength(
      outcome === 'ok' && attempts === 2 && answers[0]!.result === OK ? 1 : 0,
    );
    expect(testbed.time.pending()).toBe(0);
  });
});

describe('fallback', () => {
  it('answers in place of any failure, and says so', async () => {
    for (const outcome of OUTCOMES) {
      const testbed = behind([{ policy: 'fallback' }], () => failing(outcome));
      expect(await call(testbed, 0)).toEqual({ kind: 'reply', body: undefined, fallback: true });
      expect(testbed.context.events).toEqual([
        { policy: 'fallback', what: 'fell-back', cause: outcome, sequence: 0 },
      ]);
    }
  });

  it('lets an answer pass, and gives none to a caller that has ended its wait', async () => {
    const fine = behind([{ policy: 'fallback' }], () => after(0));
    expect(await call(fine, 0)).toBe(OK);
    const testbed = behind([{ policy: 'fallback' }], () => null);
    const given = new AbortController();
    const sent = testbed.send(messageOf(0), { signal: given.signal });
    await settled();
    given.abort();
    expect(outcomeOf(await sent)).toBe('timeout');
    expect(testbed.told()).toEqual([]);
  });
});

describe('policies in the order written', () => {
  const triesOf = ({ seen }: SystemUnderTest) =>
    seen.map(({ atMs, endedMs }) => [atMs - 1000, endedMs! - 1000]);
  const retry = { policy: 'retry', attempts: 3, backOff: 'constant', baseMs: 10 };
  const timeout = { policy: 'timeout', ms: 100 };

  it('a time-out inside of a retry bounds each try, outside of it all of them', async () => {
    const each = behind([retry, timeout], () => null);
    expect(outcomeOf(await call(each, 1000))).toBe('timeout');
    expect(triesOf(each.system)).toEqual([
      [0, 100],
      [110, 210],
      [220, 320],
    ]);
    const all = behind([timeout, retry], () => after(45, failureOf('error')));
    expect(outcomeOf(await call(all, 1000))).toBe('timeout');
    expect(triesOf(all.system)).toEqual([
      [0, 45],
      [55, 100],
    ]);
  });

  it('attempts multiply, and a hedge doubles', () => {
    const stack = [retry, timeout, { policy: 'retry', attempts: 2 }, { policy: 'hedge' }];
    expect(mostAttempts(stack.map((spec) => policySpecSchema.parse(spec)))).toBe(12);
    expect(mostAttempts([])).toBe(1);
  });
});
