import { describe, expect, it } from 'vitest';
import { createProduce } from '../../../src/transports/kafka/batch.ts';
import {
  incomingOf,
  kafkaRecordOf,
  replyOf,
  replyRecordOf,
  replyToOf,
} from '../../../src/transports/kafka/codec.ts';
import { notSure } from '../../../src/transports/kafka/failures.ts';
import { createKafkaLanes } from '../../../src/transports/kafka/links/lanes.ts';
import type { InRecord, OutRecord } from '../../../src/transports/kafka/links/link.ts';
import { endpointOf, topicLocationOf } from '../../../src/transports/kafka/address.ts';
import { kafkaOptionsSchema } from '../../../src/transports/kafka/options.ts';
import { heartbeatMs, sessionTimeoutMs } from '../../../src/transports/kafka/patience.ts';
import { createUser } from '../../support/messages.ts';
import { createSink } from '../../support/sink.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
const received = ({ value, headers }: OutRecord): InRecord => ({ value, header: (name) => headers[name] });

describe('lanes', () => {
  it('work one after another within a lane, side by side between lanes', async () => {
    const atWork = new Map<string, () => void>();
    const lanes = createKafkaLanes<string>((item) => new Promise((resolve) => atWork.set(item, resolve)), {
      full: () => undefined,
      room: () => undefined,
    });
    for (const item of ['a1', 'a2', 'b1']) lanes.put(item.charCodeAt(0), item);
    await turn();
    expect([...atWork.keys()]).toEqual(['a1', 'b1']);
    atWork.get('a1')!();
    await turn();
    expect([...atWork.keys()]).toEqual(['a1', 'b1', 'a2']);
  });

  it('tell their source to pause and to go on, once each', async () => {
    const told: string[] = [];
    const gate = Promise.withResolvers<void>();
    const done = createSink<number>();
    const work = async (item: number) => {
      await gate.promise;
      done.put(item);
    };
    const lanes = createKafkaLanes<number>(work, {
      full: () => told.push('full'),
      room: () => told.push(`room, ${done.items.length} done`),
    });
    for (let i = 0; i < 1500; i++) lanes.put(i % 4, i);
    expect(told).toEqual(['full']);
    gate.resolve();
    await done.holds(1500);
    await turn();
    expect(told).toEqual(['full', 'room, 1400 done']);
  });

  it('begin nothing more once stopped, and wait for what is at work', async () => {
    const begun: number[] = [];
    const gate = Promise.withResolvers<void>();
    const lanes = createKafkaLanes<number>(
      async (item) => {
        begun.push(item);
        await gate.promise;
      },
      { full: () => undefined, room: () => undefined },
    );
    lanes.put(0, 1);
    lanes.put(0, 2);
    await turn();
    const stopped = lanes.stop();
    gate.resolve();
    await stopped;
    expect(begun).toEqual([1]);
  });
});

describe('records', () => {
  it('carry operation, body and envelope; the key is the ordering key', () => {
    const message = createUser(7, { key: 5, attempt: 2 });
    const record = kafkaRecordOf('topic', message);
    expect(record).toMatchObject({ topic: 'topic', key: '5' });
    expect(incomingOf(received(record))).toEqual({ ...message, redelivered: false });
    expect(replyToOf(received(record))).toBeUndefined();
  });

  it('carry where the answer goes, and the answer', () => {
    const replyTo = { topic: 'replies', correlation: '12' };
    expect(replyToOf(received(kafkaRecordOf('topic', createUser(1), replyTo)))).toEqual(replyTo);
    const answer = (handled: Parameters<typeof replyRecordOf>[1]) =>
      replyOf(received(replyRecordOf(replyTo, handled)));
    expect(answer({ kind: 'done', body: { id: 1 } })).toEqual({ kind: 'reply', body: { id: 1 } });
    for (const noEffect of [true, false]) {
      expect(answer({ kind: 'failed', status: 'not-found', noEffect, detail: 'none' })).toMatchObject({
        outcome: 'error',
        noEffect,
        detail: 'not-found: none',
      });
    }
  });

  it.each(['', '{', 'null', '7', '{"kind":"else"}'])('say contract-broken of the answer %j', (text) => {
    expect(replyOf({ value: Buffer.from(text), header: () => undefined })).toMatchObject({
      outcome: 'contract-broken',
      noEffect: false,
    });
  });

  it('are passed over where they are not ours', () => {
    const record = kafkaRecordOf('topic', createUser(1));
    expect(incomingOf({ ...received(record), value: Buffer.from('{') })).toBeUndefined();
    expect(incomingOf({ value: record.value, header: () => undefined })).toBeUndefined();
    expect(incomingOf({ value: record.value, header: () => '1.2' })).toBeUndefined();
  });
});

describe('gathering', () => {
  const record = (key: string): OutRecord => ({ topic: 't', key, value: Buffer.alloc(0), headers: {} });
  const options = kafkaOptionsSchema.parse({ lingerMs: 1000, maxBatchRecords: 2 });

  it('sends as many as are gathered at once; each learns what became of its own batch', async () => {
    const batches: string[][] = [];
    const lost = notSure('connection-lost', 'gone');
    const produce = createProduce(
      {
        async produce(records) {
          batches.push(records.map(({ key }) => key));
          return batches.length === 1 ? undefined : lost;
        },
        async [Symbol.asyncDispose]() {},
      },
      options,
    );
    const results = await Promise.all(['a', 'b', 'c', 'd'].map((key) => produce(record(key))));
    expect(batches).toEqual([
      ['a', 'b'],
      ['c', 'd'],
    ]);
    expect(results).toEqual([undefined, undefined, lost, lost]);
  });
});

describe('settings', () => {
  it('take the session time-out of the profile, unless it is given', () => {
    const of = (given: object) => {
      const options = kafkaOptionsSchema.parse(given);
      return [sessionTimeoutMs(options), heartbeatMs(options)];
    };
    expect(of({})).toEqual([6000, 2000]);
    expect(of({ profile: 'library-defaults' })).toEqual([30_000, 3000]);
    expect(of({ profile: 'library-defaults', client: 'platformatic' })).toEqual([60_000, 3000]);
    expect(of({ sessionTimeoutMs: 9000, heartbeatMs: 100 })).toEqual([9000, 100]);
  });

  it('refuse an idempotent producer that does not wait for all', () => {
    expect(kafkaOptionsSchema.safeParse({ idempotent: true, acks: 1 }).success).toBe(false);
    expect(kafkaOptionsSchema.safeParse({ idempotent: true }).success).toBe(true);
  });

  it('redirect the one broker to where it was reached, and no other', () => {
    const place = topicLocationOf({ url: 'kafka://127.0.0.1:4000', advertised: '127.0.0.1:9092' });
    expect(endpointOf(place, '127.0.0.1', 9092)).toEqual({ host: '127.0.0.1', port: 4000 });
    expect(endpointOf(place, '10.0.0.2', 9092)).toEqual({ host: '10.0.0.2', port: 9092 });
    expect(topicLocationOf({ url: 'kafka://[::1]' })).toEqual({
      host: '::1',
      port: 9092,
      advertised: undefined,
    });
  });
});
