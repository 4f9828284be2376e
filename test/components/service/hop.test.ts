import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { struck } from '../../../src/faults/struck.ts';
import { definition as error } from '../../../src/faults/error.ts';
import { definition as poison } from '../../../src/faults/poison.ts';
import { decodeEnvelope, encodeEnvelope } from '../../../src/kernel/envelope.ts';
import type { Failure, SendResult } from '../../../src/kernel/transport.ts';
import { policySpecSchema } from '../../../src/policies/policies.ts';
import { createOnce } from '../../../src/components/service/idempotency.ts';
import { failureOf, settled } from '../../policies/virtual.ts';
import { DONE, hopTestbed, incoming, REPLY, SEED } from './hop-bench.ts';

const RETRY = { policy: 'retry', attempts: 3, backOff: 'none' };

describe('a hop', () => {
  it('passes on what it was asked, as its own call with a number of its own', async () => {
    const { handle, sent, effects, eventsOf } = hopTestbed({ services: { 'a-b': () => REPLY } });
    expect(await handle(incoming(4, { call: 42, attempt: 2, deadlineNs: 5e12 }))).toBe(DONE);
    const { operation, body, envelope } = sent[0]!.message;
    expect({ operation, body }).toEqual({ operation: 'createUser', body: { name: 'User' } });
    // Of the deadline nobody is told: no policy of the edge passes it on.
    expect(envelope).toEqual({
      trial: 3,
      stage: 'measured',
      sequence: 4,
      key: 5,
      attempt: 2,
      call: 101,
      deadlineNs: 0,
    });
    const message = { stage: 'measured', sequence: 4, operation: 'createUser' };
    expect(eventsOf('execution')).toMatchObject([{ ...message, service: 1, call: 42, attempt: 2 }]);
    expect(eventsOf('attempt')).toMatchObject([{ ...message, edge: 0, call: 101, parent: 42, attempt: 2 }]);
    expect(eventsOf('ended')).toMatchObject([{ call: 101, outcome: 'ok' }]);
    expect(eventsOf('call')).toMatchObject([{ ...message, parent: 42, attempts: 1, fallback: false }]);
    expect(effects.map(({ sequence, attempt }) => [sequence, attempt])).toEqual([[4, 2]]);
  });

  it('tells the service the deadline where a policy of the edge passes it on', async () => {
    const { handle, sent } = hopTestbed({
      services: { 'a-b': () => REPLY },
      policies: [{ policy: 'deadline', ms: null }],
    });
    await handle(incoming(1, { deadlineNs: 5e12 }));
    expect(sent[0]!.message.envelope.deadlineNs).toBe(5e12);
  });

  it('numbers tries so that no two along one path have one number', async () => {
    const down = () => failureOf('refused', { noEffect: true });
    const { handle, sent, eventsOf } = hopTestbed({ services: { 'a-b': down }, policies: [RETRY] });
    for (const attempt of [1, 2, 3]) {
      const handled = handle(incoming(1, { attempt, call: attempt }));
      expect(await handled).toMatchObject({ kind: 'failed', status: 'overloaded', noEffect: true });
    }
    expect(sent.map(({ message }) => message.envelope.attempt)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(new Set(sent.map(({ message }) => message.envelope.call)).size).toBe(9);
    expect(eventsOf('call').map(({ attempts, outcome }) => [attempts, outcome])).toEqual(
      Array.from({ length: 3 }, () => [3, 'refused']),
    );
    expect(eventsOf('policy').filter(({ what }) => what === 'retried')).toHaveLength(6);
  });

  it('sends a number that is a number, however many tries lie before', async () => {
    const { handle, sent } = hopTestbed({ services: { 'a-b': () => REPLY }, policies: [RETRY] });
    await handle(incoming(1, { attempt: Number.MAX_SAFE_INTEGER - 1, call: 1 }));
    expect(decodeEnvelope(encodeEnvelope(sent[0]!.message.envelope))).toEqual(sent[0]!.message.envelope);
  });

  it('goes over the edges of its operation in their order, one after the other, and works only then', async () => {
    const first = Promise.withResolvers<SendResult>();
    const { handle, sent, effects } = hopTestbed({
      services: { 'a-b': () => first.promise, 'a-c': () => REPLY, 'a-d': () => ({ kind: 'ack' }) },
      operations: { 'a-c': ['getUser'] },
    });
    const handled = handle(incoming(1));
    await settled();
    expect([sent.map(({ edge }) => edge), effects]).toEqual([['a-b'], []]);
    first.resolve(REPLY);
    expect(await handled).toBe(DONE);
    expect([sent.map(({ edge }) => edge), effects.length]).toEqual([['a-b', 'a-d'], 1]);
  });

  it('keeps its slot while it waits: who comes meanwhile has not begun', async () => {
    const answers = [Promise.withResolvers<SendResult>(), Promise.withResolvers<SendResult>()];
    const waiting = [...answers];
    const { handle, eventsOf } = hopTestbed({
      concurrency: 1,
      services: { 'a-b': () => waiting.shift()!.promise },
    });
    const both = [handle(incoming(1)), handle(incoming(2))];
    await settled();
    expect(eventsOf('execution').map(({ sequence }) => sequence)).toEqual([1]);
    answers[0]!.resolve(failureOf('timeout'));
    expect(await both[0]).toMatchObject({ status: 'deadline-passed' });
    await settled();
    expect(eventsOf('execution').map(({ sequence }) => sequence)).toEqual([1, 2]);
    answers[1]!.resolve(REPLY);
    expect(await both[1]).toBe(DONE);
  });

  it.each<[Partial<Failure> & Pick<Failure, 'outcome'>, string]>([
    [{ outcome: 'refused' }, 'overloaded'],
    [{ outcome: 'rejected' }, 'overloaded'],
    [{ outcome: 'timeout' }, 'deadline-passed'],
    [{ outcome: 'connection-lost' }, 'internal'],
    [{ outcome: 'contract-broken' }, 'internal'],
    [{ outcome: 'error' }, 'internal'],
    [{ outcome: 'error', answered: 'not-found' }, 'not-found'],
    [{ outcome: 'error', answered: 'overloaded' }, 'overloaded'],
  ])('answers %o with %s, and does nothing of its own', async (failure, status) => {
    const { handle, effects, sent } = hopTestbed({
      services: { 'a-b': () => failureOf(failure.outcome, failure), 'a-c': () => REPLY },
    });
    expect(await handle(incoming(1))).toMatchObject({ kind: 'failed', status, noEffect: false });
    expect([effects, sent.length]).toEqual([[], 1]);
  });

  it('promises that nothing happened only where all that it sent came back with that promise', async () => {
    const clean = failureOf('error', { noEffect: true });
    const answers: [SendResult[], boolean][] = [
      [[clean, clean, clean], true],
      [[failureOf('timeout'), clean, clean], false],
      [[clean, clean, failureOf('connection-lost')], false],
    ];
    for (const [results, noEffect] of answers) {
      const next = [...results];
      const { handle } = hopTestbed({ services: { 'a-b': () => next.shift()! }, policies: [RETRY] });
      expect(await handle(incoming(1))).toMatchObject({ kind: 'failed', noEffect });
    }
    const { handle } = hopTestbed({ services: { 'a-b': () => ({ kind: 'ack' }), 'a-c': () => clean } });
    expect(await handle(incoming(1))).toMatchObject({ kind: 'failed', noEffect: false });
    const own = { kind: 'failed', status: 'not-found', noEffect: true, detail: 'No user' } as const;
    const other = hopTestbed({ services: { 'a-b': () => REPLY }, perform: () => own });
    expect(await other.handle(incoming(1))).toEqual({ ...own, noEffect: false });
  });

  it("takes a fallback's answer for the service's", async () => {
    const { handle, effects, eventsOf } = hopTestbed({
      services: { 'a-b': () => failureOf('refused', { noEffect: true }) },
      policies: [{ policy: 'fallback' }],
    });
    expect(await handle(incoming(1))).toBe(DONE);
    expect(effects).toHaveLength(1);
    expect(eventsOf('call')).toMatchObject([{ outcome: 'ok', fallback: true, attempts: 1 }]);
    expect(eventsOf('policy')).toMatchObject([{ policy: 'fallback', what: 'fell-back', sequence: 1 }]);
  });

  it('passes a warm-up through, unstruck and unwritten', async () => {
    const { handle, sent, effects, events } = hopTestbed({
      services: { 'a-b': () => REPLY },
      faults: [{ do: 'error' }],
    });
    expect(await handle(incoming(1, { stage: 'warm-up' }))).toBe(DONE);
    expect(await handle(incoming(1, { stage: 'steady-state' }))).toBe(DONE);
    expect([sent.length, effects.length, events]).toEqual([2, 2, []]);
  });
});

describe('a switch of policies', () => {
  const BREAKER = policySpecSchema.parse({
    policy: 'circuit-breaker',
    mode: 'consecutive',
    failuresInARow: 2,
  });
  const down = () => failureOf('refused', { noEffect: true });
  const ON = { id: 'on', fromMs: 1100, toMs: 1200, policies: [BREAKER] };

  it('applies by instant, writes its first call, and each stack keeps its memory', async () => {
    const { handle, hop, time, sent, eventsOf } = hopTestbed({
      services: { 'a-b': down },
      switches: [ON],
      loadStartNs: 0,
    });
    const callsAt = async (ms: number, sequence: number) => {
      await time.advance(ms - time.scheduler.nowMs());
      const before = sent.length;
      for (let i = 0; i < 3; i++) await handle(incoming(sequence + i));
      return sent.length - before;
    };
    expect(await callsAt(1050, 0)).toBe(3);
    // Opens after two, and the third is let through no more.
    expect(await callsAt(1100, 10)).toBe(2);
    expect(await callsAt(1200, 20)).toBe(3);
    const again = { ...ON, toMs: 1400 };
    hop.follow({ loadStartNs: 0, faults: [], switches: { 'a-b': [again] } });
    expect(await callsAt(1300, 30)).toBe(0);
    hop.follow({ loadStartNs: 0, faults: [], switches: { 'a-b': [{ ...again, id: 'on-2' }] } });
    expect(await callsAt(1301, 40)).toBe(2);
    expect(eventsOf('injected').map(({ fault, sequence }) => [fault, sequence])).toEqual([
      ['on', 10],
      ['on-2', 40],
    ]);
  });

  it('applies never before the start of the load was named', async () => {
    const { handle, sent } = hopTestbed({
      services: { 'a-b': down },
      switches: [{ ...ON, fromMs: 0, toMs: 1e9 }],
      loadStartNs: null,
    });
    for (let i = 0; i < 5; i++) await handle(incoming(i));
    expect(sent).toHaveLength(5);
  });

  it('leaves the numbers of tries as they are: by the stack that tries most', async () => {
    const { handle, sent } = hopTestbed({ services: { 'a-b': () => REPLY }, mostAttempts: 5 });
    await handle(incoming(1, { attempt: 2 }));
    expect(sent[0]!.message.envelope.attempt).toBe(6);
  });
});

describe('strikes', () => {
  it('hit the messages that the draws say, while the fault lasts only, and each try anew', async () => {
    const options = error.options.parse({ share: 0.3 }) as never;
    const { handle, time, eventsOf, effects } = hopTestbed({
      // Its arrivals do not count: it strikes by the clock.
      faults: [{ id: 'err', options: { share: 0.3 }, from: 0, to: 0, fromMs: 100, toMs: 400 }],
    });
    const planned: string[] = [];
    for (let sequence = 0; sequence < 500; sequence++) {
      await time.advance(sequence === 0 ? 0 : 1);
      for (const attempt of [1, 2]) {
        const message = struck({ seed: SEED, fault: 'err' }, { sequence, attempt, begun: 0 });
        const isIn = sequence >= 100 && sequence < 400;
        const isStruck = isIn && error.strike(message, options) !== undefined;
        if (isStruck) planned.push(`${sequence} ${attempt}`);
        const handled = await handle(incoming(sequence, { attempt }));
        expect(handled.kind).toBe(isStruck ? 'failed' : 'done');
        if (isStruck) expect(handled).toMatchObject({ noEffect: true, detail: 'fault:err' });
      }
    }
    expect(eventsOf('injected').map(({ sequence, attempt }) => `${sequence} ${attempt}`)).toEqual(planned);
    expect(effects).toHaveLength(1000 - planned.length);
    // 600 draws at 0.3: nine standard deviations to either side.
    expect(Math.abs(planned.length - 180)).toBeLessThan(100);
    const firsts = planned.filter((one) => one.endsWith(' 1')).map((one) => one.split(' ')[0]);
    const seconds = planned.filter((one) => one.endsWith(' 2')).map((one) => one.split(' ')[0]);
    expect(firsts).not.toEqual(seconds);
  });

  it('poison the same arrivals on every try', async () => {
    const { handle } = hopTestbed({ faults: [{ do: 'poison', options: { share: 0.5 } }] });
    const kinds = async (attempt: number) => {
      const all = Array.from({ length: 100 }, (_, sequence) => handle(incoming(sequence, { attempt })));
      return (await Promise.all(all)).map(({ kind }) => kind);
    };
    const first = await kinds(1);
    expect(new Set(first)).toEqual(new Set(['done', 'failed']));
    expect(await kinds(2)).toEqual(first);
    expect(poison.options.safeParse({ share: 2 }).success).toBe(false);
  });

  it('delay with the slot taken; several delays add up, and the first failure is the last', async () => {
    const { handle, time, eventsOf, effects } = hopTestbed({
      concurrency: 1,
      faults: [
        { id: 'one', do: 'latency', options: { ms: 30 }, toMs: 1 },
        { id: 'two', do: 'latency', options: { ms: 20 }, toMs: 1 },
        { id: 'three', do: 'error', toMs: 1 },
        { id: 'four', do: 'error', toMs: 1 },
      ],
    });
    const both = [handle(incoming(0)), handle(incoming(1))];
    await time.advance(49.9);
    expect(effects).toEqual([]);
    await time.advance(0.1);
    expect(await both[0]).toMatchObject({ kind: 'failed', detail: 'fault:three' });
    expect(await both[1]).toBe(DONE);
    expect(eventsOf('injected').map(({ fault, atNs }) => [fault, atNs / 1e6 - 1000])).toEqual([
      ['one', 0],
      ['two', 30],
      ['three', 50],
    ]);
  });

  it('are over when the fault is lifted: a queue that it filled is then worked off at full speed', async () => {
    // 100/s at 20 × 25 ms, 500 ms slower from 2 s to 5 s.
    const { handle, time } = hopTestbed({
      concurrency: 20,
      hold: () => new Promise<void>((resolve) => void time.scheduler.after(25, resolve)),
      faults: [{ do: 'latency', options: { ms: 500 }, fromMs: 2000, toMs: 5000 }],
    });
    const startMs = time.scheduler.nowMs();
    const tookMs: number[] = [];
    let [done, peak, lastLateMs] = [0, 0, 0];
    for (let i = 0; i < 1000; i++) {
      const dueMs = i * 10;
      void handle(incoming(i)).then(() => {
        tookMs[i] = time.scheduler.nowMs() - startMs - dueMs;
        done++;
        if (tookMs[i]! > 50) lastLateMs = time.scheduler.nowMs() - startMs;
      });
      await time.advance(10);
      peak = Math.max(peak, i + 1 - done);
    }
    const inFault = tookMs.slice(200, 500).toSorted((a, b) => a - b);
    // In a fluid: 300 come and 38 a second are done, so 1.94 s at the p90, a peak of 215, over at 5.5 s.
    expect(inFault[Math.ceil(0.9 * inFault.length) - 1]).toBe(1930);
    expect(peak).toBe(214);
    expect(lastLateMs).toBe(5545);
  });

  it('by instant know no time before the start of the load was named', async () => {
    const { handle, hop, time } = hopTestbed({ loadStartNs: null, faults: [{ do: 'error' }] });
    expect(await handle(incoming(0))).toBe(DONE);
    hop.expect(time.scheduler.nowMs() * 1e6);
    expect(await handle(incoming(1))).toMatchObject({ kind: 'failed' });
  });

  it('hang until they are released, and then fail', async () => {
    const { handle, time, effects } = hopTestbed({ faults: [{ do: 'hang', options: { releaseMs: 400 } }] });
    let handled: unknown;
    void handle(incoming(1)).then((result) => (handled = result));
    await time.advance(399);
    expect(handled).toBeUndefined();
    await time.advance(1);
    expect(handled).toMatchObject({ kind: 'failed', status: 'internal', detail: 'fault:fault' });
    expect([effects, time.pending()]).toEqual([[], 0]);
  });

  it('end the process after the effect of the planned message: nobody is told of it, and nothing more is done', async () => {
    const gates = new Map<number, () => void>();
    const { handle, effects, eventsOf, ends } = hopTestbed({
      services: {
        'a-b': ({ envelope: { sequence } }) =>
          new Promise((resolve) => gates.set(sequence, () => resolve(REPLY))),
      },
      faults: [{ id: 'end', do: 'end-before-ack', options: { after: 3 }, from: 10 }],
    });
    const answered: number[] = [];
    // The third of the window is the one of sequence 12, whichever is done first.
    for (const sequence of [9, 10, 11, 12, 13]) {
      void handle(incoming(sequence)).then(() => answered.push(sequence));
    }
    await settled();
    for (const sequence of [10, 12, 11, 13]) gates.get(sequence)!();
    await settled();
    expect(effects.map(({ sequence }) => sequence)).toEqual([10, 12]);
    expect(answered).toEqual([10]);
    expect(eventsOf('injected')).toMatchObject([{ fault: 'end', sequence: 12, service: 1 }]);
    expect(ends()).toBe(1);
  });
});

describe('an idempotent service', () => {
  it('does the work of an arrival once, whenever it comes again, and says the same', async () => {
    let n = 0;
    const answer = Promise.withResolvers<SendResult>();
    const { handle, effects, sent, eventsOf } = hopTestbed({
      idempotent: true,
      services: { 'a-b': () => answer.promise },
      perform: () => ({ kind: 'done', body: ++n }),
    });
    const first = { kind: 'done', body: 1 };
    const meanwhile = [handle(incoming(1)), handle(incoming(1, { attempt: 2 }))];
    await settled();
    answer.resolve(REPLY);
    expect(await Promise.all(meanwhile)).toEqual([first, first]);
    expect(await handle(incoming(1, { attempt: 3 }))).toEqual(first);
    expect([effects.length, sent.length, eventsOf('execution').length]).toEqual([1, 1, 3]);
    expect(await handle(incoming(1, {}, 'deleteUser'))).toEqual({ kind: 'done', body: 2 });
    expect(await handle(incoming(1, { stage: 'steady-state' }))).toEqual({ kind: 'done', body: 3 });
  });

  it('forgets the oldest answer past its bound', async () => {
    const once = createOnce(2);
    let worked = 0;
    const ask = (sequence: number) =>
      once(incoming(sequence), () => Promise.resolve({ kind: 'done', body: ++worked }));
    for (const sequence of [1, 2, 1, 3, 2, 1]) await ask(sequence);
    // 3 took the place of 1, and 1 then that of 2.
    expect(worked).toBe(4);
  });

  it('forgets a failure', async () => {
    const answers = [failureOf('refused'), REPLY];
    const { handle, effects } = hopTestbed({ idempotent: true, services: { 'a-b': () => answers.shift()! } });
    expect(await handle(incoming(1))).toMatchObject({ kind: 'failed' });
    expect(await handle(incoming(1, { attempt: 2 }))).toBe(DONE);
    expect(effects).toHaveLength(1);
  });

  it('has one effect for each arrival, in any order and with any failures', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(5), fc.boolean()), { maxLength: 40 }),
        fc.nat(3),
        async (tries, concurrency) => {
          const oks = tries.map(([, ok]) => ok);
          const { handle, effects } = hopTestbed({
            idempotent: true,
            concurrency: concurrency + 1,
            services: { 'a-b': () => (oks.shift() ? REPLY : failureOf('timeout')) },
          });
          const kinds = await Promise.all(tries.map(([sequence]) => handle(incoming(sequence))));
          const done = new Set(
            tries.filter((_, i) => kinds[i]!.kind === 'done').map(([sequence]) => sequence),
          );
          const sequences = effects.map(({ sequence }) => sequence);
          expect(sequences.toSorted()).toEqual([...done].toSorted());
        },
      ),
    );
  });
});
