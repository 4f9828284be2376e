import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { loadCatalogue } from '../../src/transports/discover.ts';
import { commbench } from '../support/cli.ts';

const SCENARIO = `
name: rest-alone
title: REST alone
rounds: 1
noop: false
warmUp: { calls: 50, probeMs: 100 }
load: { shape: constant, ratePerS: 100 }
durationMs: 500
patterns:
  - { id: rest, title: REST, transport: rest, interaction: request-reply }
`;
const HOOK = fileURLToPath(new URL('./fixtures/log-modules.ts', import.meta.url));
/** Libraries that a definition does not name as its client. */
const BESIDE = [
  'graphql',
  'graphql-http',
  'graphql-yoga',
  'fastify',
  'rabbitmq-client',
  '@platformatic/kafka',
  '@grpc/proto-loader',
  '@connectrpc/connect',
  '@connectrpc/connect-node',
  '@bufbuild/protobuf',
];

let folder: string;
/** URLs of the modules that each process loaded, by its program. */
let loaded: Map<string, string[]>;

beforeAll(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-modules-'));
  const logs = path.join(folder, 'logs');
  const file = path.join(folder, 'scenario.yaml');
  mkdirSync(logs);
  writeFileSync(file, SCENARIO);
  const ran = commbench(['run', file, '--out', path.join(folder, 'result.json'), '--quiet'], {
    env: { NODE_OPTIONS: `--import ${HOOK}`, COMMBENCH_MODULES: logs },
  });
  expect(ran.code, ran.stderr).toBe(0);
  loaded = new Map(
    readdirSync(logs).map((log) => {
      const [program, ...urls] = readFileSync(path.join(logs, log), 'utf8').trim().split('\n');
      return [path.basename(program!), urls];
    }),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(['cli.ts', 'reaper.ts', 'generator.ts', 'service.ts'])(
  'of a run of REST alone, %s loads the library of no other transport',
  async (program) => {
    const urls = loaded.get(program);
    expect(urls?.length, [...loaded.keys()].join()).toBeGreaterThan(1);
    const { transports } = await loadCatalogue();
    const own = transports.get('rest')!.client;
    const others = [...BESIDE, ...[...transports.values()].map(({ client }) => client)];
    for (const name of new Set(others.filter((client) => client !== own && client !== 'node')))
      expect(urls!.filter((url) => url.includes(`/node_modules/${name}/`))).toEqual([]);
  },
);
