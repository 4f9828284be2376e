import { getEventListeners } from 'node:events';
import { readdirSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SendResult } from '../../src/kernel/transport.ts';
import {
  compose,
  mostAttempts,
  POLICIES,
  policyByName,
  type PolicySpec,
  policySpecSchema,
} from '../../src/policies/policies.ts';
import { requiredOptions } from './required-options.ts';
import { type Answer, systemOf, contextOf, failureOf, messageOf, OK, virtualTime } from './virtual.ts';

/** Those whose library has a clock of its own, which no test can move on. */
const OWN_CLOCK = ['cockatiel', 'opossum'];

const ms = fc.integer({ min: 1, max: 200 });
/** Options that make a policy act often in short traffic. Others have what their schema asks for. */
const OPTIONS: Readonly<Record<string, fc.Arbitrary<object>>> = {
  timeout: fc.record({ ms }),
  deadline: fc.record({ ms: fc.option(ms) }),
  retry: fc.record({
    attempts: fc.integer({ min: 1, max: 3 }),
    backOff: fc.constantFrom('none', 'constant', 'exponential', 'full-jitter', 'decorrelated-jitter'),
    baseMs: fc.nat(50),
    maxMs: fc.constant(100),
    budget: fc.option(fc.constant({ ratio: 0.5, reservePerS: 1, ttlMs: 1000 })),
  }),
  'circuit-breaker': fc.record({
    mode: fc.constant('consecutive'),
    failuresInARow: fc.constant(2),
    openMs: ms,
    permittedInHalfOpen: fc.constant(1),
  }),
  bulkhead: fc.record({ maxOpen: fc.integer({ min: 1, max: 2 }), queue: fc.nat(2) }),
  hedge: fc.record({ afterMs: fc.nat(60) }),
};

const policy: fc.Arbitrary<PolicySpec> = fc
  .constantFrom(...POLICIES.map(({ name }) => name).filter((name) => !OWN_CLOCK.includes(name)))
  .chain((name) =>
    (OPTIONS[name] ?? requiredOptions(policyByName(name).options)).map((options) =>
      policySpecSchema.parse({ policy: name, ...options }),
    ),
  );

const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc.constant(null),
  fc.record({
    ms: fc.nat(150),
    result: fc.oneof(
      fc.constant(OK),
      fc.constantFrom(
        failureOf('refused', { noEffect: true }),
        failureOf('error'),
        failureOf('connection-lost'),
      ),
    ),
  }),
);

const asked = fc.record({
  stepMs: fc.nat(60),
  /** When its caller ends the wait for it: so long after it began. */
  endsMs: fc.nat(400),
});

const traffic = fc.record({
  stack: fc.array(policy, { maxLength: 4 }),
  answers: fc.array(answer, { minLength: 1, maxLength: 12 }),
  calls: fc.array(asked, { minLength: 1, maxLength: 6 }),
});

interface Made {
  readonly message: ReturnType<typeof messageOf>;
  readonly given: AbortController;
  result: SendResult | undefined;
  settledMs: number | undefined;
  /** On the signal that the caller gave, when the call had settled. */
  listeners: number;
  endedMs: number | undefined;
}

/** Runs the calls to their ends; every one of them is ended by its caller, if nothing else did it before. */
async function run({ stack, answers, calls }: typeof traffic extends fc.Arbitrary<infer T> ? T : never) {
  const time = virtualTime();
  const system = systemOf(time, (n) => answers[n % answers.length]!);
  const send = compose(system.send, stack, contextOf(time));
  const nowMs = () => time.scheduler.nowMs();
  const made: Made[] = [];
  let lastMs = 0;
  for (const [i, { stepMs, endsMs }] of calls.entries()) {
    await time.advance(stepMs);
    const message = messageOf(i);
    const one: Made = {
      message,
      given: new AbortController(),
      result: undefined,
      settledMs: undefined,
      listeners: 0,
      endedMs: undefined,
    };
    made.push(one);
    lastMs = Math.max(lastMs, nowMs() + endsMs);
    void send(message, { signal: one.given.signal }).then((result) => {
      one.result = result;
      one.settledMs = nowMs();
      one.listeners = getEventListeners(one.given.signal, 'abort').length;
    });
    time.scheduler.after(endsMs, () => {
      if (one.settledMs === undefined) one.endedMs = nowMs();
      one.given.abort();
    });
  }
  // Not a moment longer than the last caller waits: a timer that is forgotten must not run out by itself.
  await time.advance(Math.max(lastMs - nowMs(), 0));
  return { time, system, made };
}

describe('any stack of policies', () => {
  it('settles at once when its caller ends the wait, and leaves no timer, listener or open attempt', async () => {
    await fc.assert(
      fc.asyncProperty(traffic, async (of) => {
        const { time, system, made } = await run(of);
        for (const { listeners, settledMs, endedMs } of made) {
          expect(settledMs).toBeDefined();
          if (endedMs !== undefined) expect(settledMs).toBe(endedMs);
          expect(listeners).toBe(0);
        }
        expect(system.open()).toBe(0);
        expect(time.pending()).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('sends the very message, at most as often as it says', async () => {
    await fc.assert(
      fc.asyncProperty(traffic, async (of) => {
        const { system, made } = await run(of);
        const all = system.seen.map(({ message }) => message);
        for (const { message } of made) {
          const tries = all.filter((sent) => sent === message).length;
          expect(tries).toBeLessThanOrEqual(mostAttempts(of.stack));
          expect(all.filter(({ envelope }) => envelope.sequence === message.envelope.sequence)).toHaveLength(
            tries,
          );
        }
      }),
      { numRuns: 300 },
    );
  });

  it('promises that nothing happened only where no attempt can have done anything, and never says ok of itself', async () => {
    await fc.assert(
      fc.asyncProperty(traffic, async (of) => {
        const { system, made } = await run(of);
        for (const { message, result } of made) {
          const tries = system.seen.flatMap((seen, n) =>
            seen.message === message ? [{ seen, answer: of.answers[n % of.answers.length]! }] : [],
          );
          const mayHave = ({ seen, answer: planned }: (typeof tries)[number]) =>
            seen.aborted || (planned?.result.kind === 'failure' ? !planned.result.noEffect : true);
          if (result!.kind === 'failure' && result!.noEffect) expect(tries.filter(mayHave)).toEqual([]);
          const isOurs = result!.kind === 'reply' && result!.fallback === true;
          if (result!.kind !== 'failure' && !isOurs) expect(tries.map((t) => t.answer?.result)).toContain(OK);
        }
      }),
      { numRuns: 300 },
    );
  });

  it('the options above are of policies that there are', () => {
    expect(POLICIES.map(({ name }) => name)).toEqual(expect.arrayContaining(Object.keys(OPTIONS)));
  });

  it('each is named as its file', () => {
    const files = readdirSync(new URL('../../src/policies/', import.meta.url));
    expect(files).toEqual(expect.arrayContaining(POLICIES.map(({ name }) => `${name}.ts`)));
  });

  it('does nothing where it is empty', () => {
    const time = virtualTime();
    const system = systemOf(time, () => null);
    expect(compose(system.send, [], contextOf(time))).toBe(system.send);
  });
});
