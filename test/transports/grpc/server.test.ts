import { once } from 'node:events';
import { connect as connectTcp } from 'node:net';
import { Client, credentials, Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { describe, expect, it } from 'vitest';
import type { FailureStatus } from '../../../src/kernel/contract.ts';
import { encodeEnvelope, ENVELOPE_HEADER } from '../../../src/kernel/envelope.ts';
import type { Incoming } from '../../../src/kernel/transport.ts';
import { connect, echo, messageOf, serve } from './grpc-bench.ts';

const { envelope } = messageOf('', {}, 4);
const bytes = (buffer: Buffer): Buffer => buffer;

/** Calls as any gRPC client would, knowing nothing of ours; the status of a failure, or the bytes of a reply. */
async function callPlainly(url: string, path: string, metadata: Record<string, string>) {
  const client = new Client(url.replace('grpc://', ''), credentials.createInsecure());
  const sent = new Metadata();
  for (const [key, value] of Object.entries(metadata)) sent.set(key, value);
  const { promise, resolve } = Promise.withResolvers<ServiceError | Buffer>();
  client.makeUnaryRequest(path, bytes, bytes, Buffer.alloc(0), sent, (error, reply) =>
    resolve(error ?? reply!),
  );
  const result = await promise;
  client.close();
  return result;
}

describe('the gRPC server', () => {
  it('serves on loopback only', async () => {
    await using server = await serve(echo);
    expect(server.address.url).toMatch(/^grpc:\/\/127\.0\.0\.1:\d+$/);
  });

  it.each([
    ['bad-request', status.INVALID_ARGUMENT],
    ['not-found', status.NOT_FOUND],
    ['overloaded', status.RESOURCE_EXHAUSTED],
    ['deadline-passed', status.DEADLINE_EXCEEDED],
    ['internal', status.INTERNAL],
  ] satisfies [FailureStatus, status][])('answers %s with %d and what it promises', async (kind, code) => {
    for (const noEffect of [true, false]) {
      await using server = await serve(async () => ({
        kind: 'failed',
        status: kind,
        noEffect,
        detail: 'why',
      }));
      await using connection = await connect(server.address);
      const said = { status: code, answered: kind, noEffect, detail: 'why' };
      expect(await connection.send(messageOf('getUser', { id: 'u-1' }))).toEqual({
        kind: 'failure',
        outcome: 'error',
        ...said,
      });
    }
  });

  it('answers any client that has the .proto file', async () => {
    await using server = await serve(echo);
    const headers = { [ENVELOPE_HEADER]: encodeEnvelope(envelope) };
    expect(await callPlainly(server.address.url, '/commbench.Bench/Nothing', headers)).toEqual(
      Buffer.alloc(0),
    );
  });

  it.each([
    ['no envelope', {}],
    ['an envelope that is none', { [ENVELOPE_HEADER]: '1.2' }],
  ])('refuses %s before any work', async (_what, headers) => {
    const seen: Incoming[] = [];
    await using server = await serve(async (message) => {
      seen.push(message);
      return echo(message);
    });
    const refused = await callPlainly(server.address.url, '/commbench.Bench/Nothing', headers);
    expect(refused).toMatchObject({ code: status.INVALID_ARGUMENT });
    expect((refused as ServiceError).metadata.get('x-commbench-effect')).toEqual(['none']);
    expect(seen).toEqual([]);
  });

  it.each([
    ['a method that is not there', '/user.UserService/Nowhere'],
    ['a stream where none is served', '/user.UserService/StreamUserEvents'],
  ])('knows nothing of %s', async (_what, path) => {
    await using server = await serve(echo);
    expect(await callPlainly(server.address.url, path, {})).toMatchObject({ code: status.UNIMPLEMENTED });
  });

  it('does not read a message past its bound, nor does the caller', async () => {
    const large = messageOf('echo', { payload: 'x'.repeat(5000) });
    let calls = 0;
    const counted: typeof echo = (message) => {
      calls++;
      return echo(message);
    };
    const tooLarge = { outcome: 'error', noEffect: false, status: status.RESOURCE_EXHAUSTED };
    await using narrow = await serve(counted, { maxMessageBytes: 1024 });
    await using sender = await connect(narrow.address);
    expect(await sender.send(large)).toMatchObject(tooLarge);
    expect(calls).toBe(0);
    await using wide = await serve(counted);
    await using reader = await connect(wide.address, { maxMessageBytes: 1024 });
    expect(await reader.send(large)).toMatchObject(tooLarge);
    expect(calls).toBe(1);
    expect(await reader.send(messageOf('echo', { payload: 'x' }))).toMatchObject({ kind: 'reply' });
  });

  it('lets calls at work end, and takes no new ones, when it is asked to end', async () => {
    const begun = Promise.withResolvers<void>();
    const gate = Promise.withResolvers<void>();
    let calls = 0;
    const server = await serve(async (message) => {
      begun.resolve();
      if (++calls === 1) await gate.promise;
      return echo(message);
    });
    await using connection = await connect(server.address);
    const sent = connection.send(messageOf('echo', { payload: 'at work' }));
    await begun.promise;
    const ended = server[Symbol.asyncDispose]();
    await using late = await connect(server.address);
    expect(await late.send(messageOf('echo', {}))).toMatchObject({ outcome: 'refused', noEffect: true });
    expect(await connection.send(messageOf('echo', {}))).toMatchObject({ kind: 'failure' });
    gate.resolve();
    expect(await sent).toMatchObject({ kind: 'reply', body: { payload: 'at work' } });
    expect(calls).toBe(1);
    await ended;
  });

  it('survives a peer that speaks something else', async () => {
    await using server = await serve(echo);
    const { port } = new URL(server.address.url);
    const stranger = connectTcp({ port: Number(port), host: '127.0.0.1' });
    stranger.on('error', () => undefined).resume();
    stranger.write('GET / HTTP/1.1\r\n\r\n');
    await once(stranger, 'close');
    await using connection = await connect(server.address);
    expect(await connection.send(messageOf('echo', {}))).toMatchObject({ kind: 'reply' });
  });

  it('says which port is taken', async () => {
    await using server = await serve(echo);
    await expect(serve(echo, {}, undefined, server.address)).rejects.toMatchObject({
      code: 'port-taken',
      message: expect.stringContaining(new URL(server.address.url).port) as string,
    });
  });
});
