import { expect, test } from 'vitest';
import type { Message, SendResult } from '../../../src/kernel/transport.ts';
import { type Dialect, MAX_REPLY_BYTES, type StreamEvent } from '../../../src/transports/http/dialect.ts';
import { eventItemsOf } from '../../../src/transports/http/event-stream.ts';

const MESSAGE: Message = {
  operation: 'call',
  body: null,
  envelope: { trial: 1, stage: 'measured', sequence: 0, attempt: 1, key: 0, deadlineNs: 0 },
};
const ANSWER = { status: 200, chunks: [], headers: {}, waitedNs: 1 };
const DONE: SendResult = { kind: 'reply', body: undefined };
const LOST: SendResult = {
  kind: 'failure',
  outcome: 'connection-lost',
  noEffect: false,
  status: 0,
  detail: 'gone',
};
const BROKEN: SendResult = { ...LOST, outcome: 'contract-broken' };

/** Reads these chunks; an event named `end` is no item, `bad` breaks the contract. */
async function read(chunks: readonly Buffer[], over: SendResult) {
  const events: StreamEvent[] = [];
  const itemOf: Dialect['itemOf'] = (_message, event) => {
    events.push({ event: event.event, data: event.data });
    if (event.event === 'end') return undefined;
    return event.event === 'bad' ? BROKEN : { kind: 'reply', body: event.data };
  };
  const items = eventItemsOf({ requestOf: () => ({ method: 'GET', path: '/' }), itemOf }, MESSAGE);
  let isLeft = false;
  const received: SendResult[] = [];
  const reading = (async () => {
    for await (const item of items.read({ cancel: () => (isLeft = true) })) {
      received.push(item);
      if (item.kind === 'failure') break;
    }
  })();
  for (const chunk of chunks) items.receive(chunk, ANSWER);
  items.over(over);
  await reading;
  return { events, received: received.map((one) => (one.kind === 'reply' ? one.body : one)), isLeft };
}

test('events are items, wherever their bytes are cut', async () => {
  const text = Buffer.from(
    'retry: 5\r\ndata: caf\u00e9\r\ndata: 2\r\n\r\n: comment\n\nevent: end\ndata: x\n\nid: 1\ndata:\u{1f600}\n\n',
  );
  for (let at = 0; at <= text.length; at++) {
    const { received, events } = await read([text.subarray(0, at), text.subarray(at)], DONE);
    expect(received).toEqual(['caf\u00e9\n2', '\u{1f600}']);
    expect(events.map(({ event }) => event)).toEqual([undefined, 'end', undefined]);
  }
});

test('an event that was not ended is none', async () => {
  expect((await read([Buffer.from('data: a\n\ndata: b\n')], DONE)).received).toEqual(['a']);
});

test('a failure is the last item, and the first one counts', async () => {
  expect((await read([Buffer.from('data: a\n\n')], LOST)).received).toEqual(['a', LOST]);
  const broken = await read([Buffer.from('data: a\n\nevent: bad\ndata: b\n\ndata: c\n\n')], LOST);
  expect([broken.received, broken.isLeft]).toEqual([['a', BROKEN], true]);
});

test('an event without an end is not kept for ever', async () => {
  const chunk = Buffer.from(`data: ${'x'.repeat(MAX_REPLY_BYTES / 2)}`);
  const [last] = (await read([chunk, chunk], DONE)).received as [SendResult];
  expect(last).toMatchObject({ outcome: 'contract-broken', detail: expect.stringContaining('at most') });
});
