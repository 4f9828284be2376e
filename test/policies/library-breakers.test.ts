import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { PolicyEvent } from '../../src/kernel/policy-event.ts';
import type { Call, Message, SendOptions, SendResult } from '../../src/kernel/transport.ts';
import { definition as cockatiel } from '../../src/policies/cockatiel.ts';
import { definition as opossum } from '../../src/policies/opossum.ts';
import type { PolicyDefinition } from '../../src/policies/policy.ts';
import { rejected, timedOut } from '../../src/policies/failures.ts';
import { contextOf, failureOf, messageOf, OK, settled, virtualTime } from './virtual.ts';

/** The libraries know no clock but the process's: that one stands still here until a test moves it. */
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date', 'setTimeout', 'clearTimeout', 'setInterval', 'clearInterval'] });
});
afterEach(() => void vi.useRealTimers());

interface Waiting {
  readonly message: Message;
  readonly signal: SendOptions['signal'];
  readonly answer: (result: SendResult) => Promise<void>;
}

function open<Options>(definition: PolicyDefinition<Options>, given: object = {}) {
  const context = contextOf(virtualTime());
  const waiting: Waiting[] = [];
  const inner: Call = (message, options) =>
    new Promise((resolve) => {
      const answer = async (result: SendResult): Promise<void> => {
        resolve(result);
        await settled();
      };
      waiting.push({ message, signal: options?.signal, answer });
    });
  const send = definition.wrap(inner, definition.options.parse(given) as Options, context);
  let sent = 0;
  const begin = (signal?: AbortSignal): Promise<SendResult> =>
    send(messageOf(sent++), signal ? { signal } : undefined);
  const call = async (result: SendResult): Promise<SendResult> => {
    const reached = waiting.length;
    const outcome = begin();
    await waiting[reached]?.answer(result);
    return await outcome;
  };
  const told = (): string[] =>
    context.events.map(({ what, sequence }: PolicyEvent) =>
      sequence === undefined ? what : `${what} ${sequence}`,
    );
  return { waiting, begin, call, told, events: context.events };
}

const FAILED = failureOf('error');
const NOT_THERE = failureOf('error', { answered: 'not-found' });
const REFUSED = rejected('circuit breaker open');

describe.each([
  ['cockatiel', cockatiel as PolicyDefinition<never>, 10_000, { failures: 3 }],
  [
    'opossum',
    opossum as PolicyDefinition<never>,
    30_000,
    { volumeThreshold: 3, errorThresholdPercentage: 99 },
  ],
] as const)('the breaker of %s', (name, definition, openMs, three) => {
  it('opens at the third failure, rejects, lets one try, and closes', async () => {
    const { call, told, events } = open(definition, three);
    for (let i = 0; i < 3; i++) expect(await call(FAILED)).toBe(FAILED);
    vi.advanceTimersByTime(openMs - 1);
    expect(await call(OK)).toEqual(REFUSED);
    vi.advanceTimersByTime(1);
    expect(await call(OK)).toBe(OK);
    expect(await call(OK)).toBe(OK);
    expect(told()).toEqual(['opened', 'rejected 3', 'half-open', 'probe 4', 'closed']);
    expect(events.every(({ policy, cause }) => policy === name && cause !== '')).toBe(true);
  });

  it('opens again when the one that tries fails', async () => {
    const { call, told } = open(definition, three);
    for (let i = 0; i < 3; i++) await call(FAILED);
    vi.advanceTimersByTime(openMs);
    expect(await call(FAILED)).toBe(FAILED);
    expect(await call(OK)).toEqual(REFUSED);
    expect(told()).toEqual(['opened', 'half-open', 'probe 3', 'opened', 'rejected 4']);
  });

  it('takes no answer about what was asked for a failure of the service', async () => {
    const { call, told } = open(definition, three);
    for (let i = 0; i < 20; i++) expect(await call(NOT_THERE)).toBe(NOT_THERE);
    expect(told()).toEqual([]);
  });

  it('passes the message on as it is, and its caller can end the wait', async () => {
    const { begin, waiting } = open(definition);
    const caller = new AbortController();
    const outcome = begin(caller.signal);
    expect(waiting[0]!.message).toEqual(messageOf(0));
    caller.abort();
    expect(waiting[0]!.signal!.aborted).toBe(true);
    await waiting[0]!.answer(failureOf('timeout'));
    expect(await outcome).toEqual(failureOf('timeout'));
  });
});

describe('the breaker of cockatiel', () => {
  async function halfOpen() {
    const testbed = open(cockatiel);
    for (let i = 0; i < 5; i++) await testbed.call(FAILED);
    vi.advanceTimersByTime(10_000);
    const first = testbed.begin();
    const others = [testbed.begin(), testbed.begin(), testbed.begin()];
    await settled();
    expect(testbed.waiting).toHaveLength(6);
    return { ...testbed, first, others };
  }

  it('makes callers wait while one tries, and lets them go on together when it succeeded', async () => {
    const { waiting, first, others, told } = await halfOpen();
    await waiting[5]!.answer(OK);
    expect(await first).toBe(OK);
    expect(waiting).toHaveLength(9);
    for (const { answer } of waiting.slice(6)) await answer(OK);
    expect(await Promise.all(others)).toEqual([OK, OK, OK]);
    expect(told()).toEqual(['opened', 'half-open', 'probe 5', 'closed']);
  });

  it('rejects them all when it failed', async () => {
    const { waiting, others, told } = await halfOpen();
    await waiting[5]!.answer(FAILED);
    expect(await Promise.all(others)).toEqual([REFUSED, REFUSED, REFUSED]);
    expect(waiting).toHaveLength(6);
    expect(told().slice(3)).toEqual(['opened', 'rejected 6', 'rejected 7', 'rejected 8']);
  });

  it('lets a caller leave that line at once, and sends nothing for it', async () => {
    const { waiting, begin } = await halfOpen();
    const caller = new AbortController();
    const left = begin(caller.signal);
    caller.abort();
    for (const one of [left, begin(caller.signal)])
      expect(await one).toMatchObject({ kind: 'failure', outcome: 'timeout', noEffect: true });
    await waiting[5]!.answer(OK);
    // The three others, and not those that left.
    expect(waiting.slice(6).map(({ message }) => message.envelope.sequence)).toEqual([6, 7, 8]);
  });

  it.each([
    ['count', { size: 10, threshold: 0.4 }, 'more than 40 % of the last 10 calls failed'],
    [
      'sampling',
      { durationMs: 1000, threshold: 0.4, minimumRps: 10 },
      'more than 40 % of the calls of 1000 ms failed',
    ],
  ] as const)('opens by its share of failures: %s', async (breaker, given, cause) => {
    const { call, events } = open(cockatiel, { breaker, ...given });
    for (let i = 0; i < 6; i++) await call(OK);
    for (let i = 0; i < 3; i++) await call(FAILED);
    await call(OK);
    expect(events).toEqual([]);
    await call(FAILED);
    await call(FAILED);
    expect(events).toMatchObject([{ what: 'opened', cause }]);
  });
});

describe('the breaker of opossum', () => {
  it('opens at the first failure of all, as the library comes', async () => {
    const { call, told } = open(opossum);
    await call(FAILED);
    expect(await call(OK)).toEqual(REFUSED);
    expect(told()).toEqual(['opened', 'rejected 1']);
  });

  it('rejects all but one in half-open', async () => {
    const { call, begin, waiting, told } = open(opossum);
    await call(FAILED);
    vi.advanceTimersByTime(30_000);
    const first = begin();
    expect(await begin()).toEqual(REFUSED);
    await waiting[1]!.answer(OK);
    expect(await first).toBe(OK);
    expect(told()).toEqual(['opened', 'half-open', 'probe 1', 'rejected 2', 'closed']);
  });

  it('ends a wait after its time-out, frees what it held, and counts it as a failure', async () => {
    const { begin, waiting, told } = open(opossum, { timeoutMs: 200 });
    const outcome = begin();
    vi.advanceTimersByTime(199);
    expect(waiting[0]!.signal!.aborted).toBe(false);
    vi.advanceTimersByTime(1);
    expect(await outcome).toEqual(timedOut('no answer within 200 ms', false));
    expect(waiting[0]!.signal!.aborted).toBe(true);
    expect(told()).toEqual(['opened', 'expired 0']);
    await waiting[0]!.answer(OK);
    expect(told()).toEqual(['opened', 'expired 0']);
  });

  it('rejects what is more than its capacity, which is a failure to it', async () => {
    const { begin, told } = open(opossum, { capacity: 1 });
    void begin();
    expect(await begin()).toEqual(REFUSED);
    expect(await begin()).toEqual(REFUSED);
    // 2 of 3 begun.
    expect(told()).toEqual(['rejected 1', 'opened', 'rejected 2']);
  });
});
