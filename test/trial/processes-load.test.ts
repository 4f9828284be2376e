import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { openHub, type Hub, type Peer } from '../../src/platform/ipc/hub.ts';
import type { GeneratorPlan } from '../../src/plan/generator-plan.ts';
import type { ServiceConfig } from '../../src/plan/service-config.ts';
import { recordLoaded } from '../support/loaded-packages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { USUAL_OPTIONS } from '../support/usual-options.ts';

const MARK = 'test-mark';
const anyTime = new AbortController().signal;

/** A process as the CLI starts it, until it says this; then it is ended, and what it has loaded is known. */
async function loadedUntil(
  said: string,
  entry: string,
  settings: (hub: Hub, folder: string) => Partial<GeneratorPlan> | Partial<ServiceConfig>,
): Promise<string[]> {
  using place = temporaryFolder();
  const folder = place.path;
  await using hub = await openHub({ path: path.join(folder, 'hub.sock'), mark: MARK });
  const file = path.join(folder, 'settings.json');
  const own = { version: 1, name: 'it', mark: MARK, socketPath: hub.path, interaction: 'request-reply' };
  writeFileSync(file, JSON.stringify({ ...own, ...settings(hub, folder) }));
  const loaded = recordLoaded(folder);
  const script = path.resolve(import.meta.dirname, '../../src', entry);
  const child = spawn(process.execPath, [...loaded.flags, script, file], {
    stdio: 'ignore',
    env: { ...process.env, ...loaded.env },
  });
  const peer: Peer = await hub.expect('it', anyTime);
  await peer.next(said, anyTime);
  child.kill('SIGTERM');
  await once(child, 'close');
  return loaded.packages();
}

const optionsOf = (transport: string, given: object) => ({
  ...(USUAL_OPTIONS[transport] as object),
  ...given,
});

const serviceOf = (transport: string, given: object = {}) =>
  loadedUntil('ready', 'components/service/service.ts', (_hub, folder) => ({
    transport,
    options: optionsOf(transport, given),
    isBrokers: false,
    contract: 'users',
    address: null,
    concurrency: 4,
    queue: 10,
    processingMs: 0,
    subscriber: 0,
    hop: null,
    effectLogPath: path.join(folder, 'effects'),
    countBytes: false,
    seededDefects: null,
  }));

const generatorOf = (transport: string, given: object = {}) =>
  loadedUntil('paced', 'generator/generator.ts', (_hub, folder) => ({
    trial: 1,
    seed: 1,
    transport,
    options: optionsOf(transport, given),
    // It connects with its first call.
    address: { url: 'http://127.0.0.1:1' },
    contract: 'users',
    mix: [{ operation: 'createUser', share: 1 }],
    keys: 1,
    load: { shape: 'constant', ratePerS: 10 },
    durationMs: 1000,
    deadlineMs: 100,
    drainMs: 100,
    warmUp: null,
    closedLoops: [],
    steadyState: null,
    pacing: 'timer',
    countBytes: false,
    shard: { index: 0, count: 1 },
    arrivalsPath: path.join(folder, 'arrivals'),
  }));

test('a REST service loads no package at all, its caller only undici', async () => {
  expect(await serviceOf('rest')).toEqual([]);
  expect(await generatorOf('rest')).toEqual(['undici']);
});

test('a GraphQL service loads no client, and its caller no server', async () => {
  expect(await serviceOf('graphql')).toEqual(['graphql', 'graphql-http']);
  expect(await generatorOf('graphql')).toEqual(['undici']);
});

test('a gRPC service loads gRPC and nothing of ours beside it', async () => {
  const packages = await serviceOf('grpc');
  expect(packages).toContain('@grpc/grpc-js');
  for (const name of ['zod', 'undici', 'cockatiel', 'opossum']) expect(packages).not.toContain(name);
});

test('a library is loaded in place of the usual one, not beside it', async () => {
  expect(await generatorOf('rest', { client: 'fetch' })).toEqual([]);
  expect(await serviceOf('rest', { host: 'fastify' })).toContain('fastify');
  const yoga = await serviceOf('graphql', { host: 'yoga' });
  expect(yoga).toContain('graphql-yoga');
  expect(yoga).not.toContain('graphql-http');
  for (const packages of [
    await serviceOf('grpc', { host: 'connect' }),
    await generatorOf('grpc', { client: 'connect' }),
  ]) {
    expect(packages).toContain('@connectrpc/connect-node');
    expect(packages).not.toContain('@grpc/grpc-js');
  }
});
