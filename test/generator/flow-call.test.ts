import { expect, test } from 'vitest';
import { flowCall, mostSteps } from '../../src/generator/flow-call.ts';
import type { Failure, Message, SendResult } from '../../src/kernel/transport.ts';
import { createItemInstants } from '../../src/measure/logs/arrivals.ts';
import type { TargetPlan } from '../../src/plan/generator-plan.ts';

const PLAN: TargetPlan = {
  requests: {
    read: { settings: {}, take: {} },
    'flow/1': { settings: {}, take: { order: { path: ['data', 'id'] }, place: { header: 'location' } } },
    'flow/2': { settings: {}, take: { version: { path: ['0', 'v'] } } },
    'flow/3': { settings: {}, take: {} },
  },
  flows: { flow: ['flow/1', 'flow/2', 'flow/3'] },
  stream: null,
};

function messageOf(operation: string, sequence = 2): Message {
  const envelope = { trial: 1, stage: 'measured', sequence, attempt: 1, key: 0, deadlineNs: 9 } as const;
  return { operation, body: null, envelope };
}

const CREATED: SendResult = {
  kind: 'reply',
  body: { data: { id: 7 } },
  headers: { location: '/orders/7' },
  status: 201,
  waitedNs: 5,
};
const VERSIONED: SendResult = { kind: 'reply', body: [{ v: 'a' }], waitedNs: 50 };
const REFUSED: Failure = { kind: 'failure', outcome: 'refused', noEffect: true, status: 0, detail: 'no' };

/** A flow over these answers: what was sent, and which steps were stamped. */
function flowOver(...answers: SendResult[]) {
  const sent: Message[] = [];
  const items = createItemInstants(4, mostSteps(PLAN));
  const call = flowCall(
    async (message) => {
      sent.push(message);
      return answers[sent.length - 1]!;
    },
    PLAN,
    { items, shard: { index: 0, count: 1 } },
  );
  const stamped = () => Array.from(items.ns, (ns, i) => (Number.isNaN(ns) ? [] : [i])).flat();
  return { call, sent, stamped };
}

test('a flow is its steps in order, each with what the ones before it gave', async () => {
  const { call, sent, stamped } = flowOver(CREATED, VERSIONED, {
    kind: 'reply',
    body: 0,
    status: 200,
    waitedNs: 70,
  });
  // The wait for a connection is that of its first request.
  expect(await call(messageOf('flow'))).toEqual({ kind: 'reply', body: 0, status: 200, waitedNs: 5 });
  expect(sent.map(({ operation, envelope: { taken } }) => [operation, taken])).toEqual([
    ['flow/1', {}],
    ['flow/2', { order: 7, place: '/orders/7' }],
    ['flow/3', { order: 7, place: '/orders/7', version: 'a' }],
  ]);
  expect(sent.every(({ envelope }) => envelope.sequence === 2 && envelope.deadlineNs === 9)).toBe(true);
  expect(stamped()).toEqual([6, 7, 8]);
});

test('any other operation is one request', async () => {
  const { call, sent, stamped } = flowOver(VERSIONED);
  expect(await call(messageOf('read'))).toBe(VERSIONED);
  expect(sent).toEqual([messageOf('read')]);
  expect(stamped()).toEqual([]);
});

test('the first failure ends a flow, which has had an effect if a step was done', async () => {
  const first = flowOver(REFUSED);
  expect(await first.call(messageOf('flow'))).toMatchObject({
    outcome: 'refused',
    noEffect: true,
    detail: 'flow/1: no',
  });
  const second = flowOver(CREATED, REFUSED);
  expect(await second.call(messageOf('flow'))).toMatchObject({
    outcome: 'refused',
    noEffect: false,
    detail: 'flow/2: no',
    waitedNs: 5,
  });
  expect(second.sent.length).toBe(2);
  expect(second.stamped()).toEqual([6]);
});

test.each([
  ['Expected data.id in the answer, as a later step takes it', { ...CREATED, body: { data: {} } }],
  ['Expected data.id in the answer, as a later step takes it', { ...CREATED, body: undefined }],
  ['Expected the header location in the answer, as a later step takes it', { ...CREATED, headers: {} }],
])('%s', async (detail, answer) => {
  const { call, sent, stamped } = flowOver(answer);
  const failure = { kind: 'failure', outcome: 'contract-broken', noEffect: false, status: 201 };
  expect(await call(messageOf('flow'))).toEqual({ ...failure, detail: `flow/1: ${detail}`, waitedNs: 5 });
  expect([sent.length, stamped()]).toEqual([1, []]);
});

test('a send without a confirm has no instant', async () => {
  const { call, stamped } = flowOver(CREATED, VERSIONED, { kind: 'ack', unconfirmed: true });
  expect(await call(messageOf('flow'))).toMatchObject({ kind: 'ack', unconfirmed: true });
  expect(stamped()).toEqual([6, 7]);
});
