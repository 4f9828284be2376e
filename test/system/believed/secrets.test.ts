import { statSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { freePorts } from '../../../src/platform/net/ports.ts';
import { startCli } from '../run.ts';

/** Answers everything; prints its words and variables, as a program in trouble may. */
const SERVER = `
const at = process.argv[1];
console.log(process.argv.join(' '), process.env.DB_URL);
require('node:http').createServer((q, r) => r.end('{}')).listen(Number(at), '127.0.0.1');
`;

const scenario = (port: number) => `
name: secrets
title: What is nobody's business
patterns: [{ id: rest, title: REST, transport: rest, interaction: request-reply }]
load: { shape: constant, ratePerS: 50 }
durationMs: 500
deadlineMs: 500
rounds: 1
noop: false
warmUp: { calls: 10, probeMs: 0 }
targets:
  rest:
    url: "http://127.0.0.1:${port}/p/S3CR3TVALUE-path-1234567?sig=S3CR3TVALUE-q1&S3CR3TVALUE-q2"
    command: [${JSON.stringify(process.execPath)}, -e, ${JSON.stringify(SERVER)}, "${port}", "--password=S3CR3TVALUE-c1"]
    env: { DB_URL: "postgres://u:S3CR3TVALUE-e1@h/db", JWT: "S3CR3TVALUE-e2" }
    headers: { x-signature: "S3CR3TVALUE-h1", x-mixed: "S3CR3TVALUE-h2 {{sequence}}", accept: "*/*" }
    body: { password: "S3CR3TVALUE-b1", pin: 935117, list: [{ deep: "S3CR3TVALUE-b2" }] }
    success: { contains: "{}" }
    ready: { url: "http://127.0.0.1:${port}/r?sid=S3CR3TVALUE-r1" }
`;

const SECRET = /S3CR3T|935117/;

async function ran(scenarioText: string, args: readonly string[] = []) {
  const run = startCli((file, out) => ['run', file, '--out', out, ...args], scenarioText);
  const code = await run.ended;
  return { run, code, shown: run.stdout() + run.stderr(), file: path.join(run.folder, 'result.json') };
}

test('no value of a target is stored or printed; names, shapes and a hash are', async () => {
  const [port] = await freePorts(1);
  const { run, code, shown, file } = await ran(scenario(port!));
  await using _run = run;
  expect(code, shown).toBe(0);
  const text = JSON.stringify(run.json());
  expect(text).not.toMatch(SECRET);
  expect(shown).not.toMatch(SECRET);
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const { rest } = run.result().scenario.targets;
  expect(rest).toMatchObject({
    url: `http://127.0.0.1:${port}/p/***?sig=***&***`,
    env: { DB_URL: '***', JWT: '***' },
    headers: { 'x-signature': '***', 'x-mixed': '***{{sequence}}', accept: '*/*' },
    body: { password: '***', pin: '***', list: [{ deep: '***' }] },
    hidden: expect.stringMatching(/^[0-9a-f]{24}$/),
  });
  for (const args of [
    ['report', file, '--full'],
    ['report', file, '--format', 'json'],
    ['compare', file, file],
    ['replay', file, '--allow-command'],
  ]) {
    await using other = startCli(() => args);
    await other.ended;
    expect(other.stdout() + other.stderr()).not.toMatch(SECRET);
  }
}, 120_000);

test('with --store-values it can be replayed, and starts its program only where that is allowed', async () => {
  const [port] = await freePorts(1);
  const { run, code, shown, file } = await ran(scenario(port!), ['--store-values']);
  await using _run = run;
  expect(code, shown).toBe(0);
  expect(shown).not.toMatch(SECRET);
  expect(run.result().scenario.targets['rest']).toMatchObject({ env: { JWT: 'S3CR3TVALUE-e2' } });
  await using refused = startCli(() => ['replay', file]);
  expect(await refused.ended).toBe(2);
  expect(refused.stderr()).toContain('would start programs');
  expect(refused.stderr()).toMatch(/targets\.rest\.command: \S+ with 4 words/);
  expect(refused.stderr()).not.toMatch(SECRET);
  await using allowed = startCli((_file, out) => ['replay', file, '--allow-command', '--out', out]);
  expect(await allowed.ended, allowed.stderr()).toBe(0);
}, 120_000);

test('a program that ends repeats nothing that it was given', async () => {
  const [port] = await freePorts(1);
  const text = scenario(port!).replace("require('node:http')", 'process.exit(7); require(0)');
  const { run, code, shown } = await ran(text);
  await using _run = run;
  expect(code, shown).toBe(3);
  expect(shown).toContain('ended with code 7');
  expect(shown + JSON.stringify(run.json())).not.toMatch(SECRET);
}, 120_000);

test('a server that repeats what it was sent is not repeated', async () => {
  const [port] = await freePorts(1);
  const answer = "r.end(JSON.stringify({ errors: [{ message: 'no user ' + q.headers['x-signature'] }] }))";
  const text = scenario(port!)
    .replace("r.end('{}')", answer)
    .replace('transport: rest', 'transport: graphql')
    .replace(/    body: .*\n    success: .*\n/, '    document: "{ me { id } }"\n');
  const { run, code, shown } = await ran(text);
  await using _run = run;
  expect(code, shown).toBe(3);
  expect(shown).toContain('no user ***');
  expect(shown + JSON.stringify(run.json())).not.toMatch(SECRET);
}, 120_000);

test('options and variables that cannot be read are not repeated', async () => {
  const asked: [readonly string[], Readonly<Record<string, string>>][] = [
    [['--target', 'rest=http//u:S3CR3T@h'], {}],
    [['--target', 'http://u:S3CR3T@h/?a=b'], {}],
    [['--broker', 'rabbitmq=amqp//u:S3CR3T@h'], {}],
    [['--broker', 'amqp://u:S3CR3T@h'], {}],
    [['--broker', 'amqp://u:S3CR3T@h?x=amqp://h'], {}],
    [['--broker', 'rabbitmq=http://u:S3CR3T@h'], {}],
    [[], { COMMBENCH_RABBITMQ_URL: 'u:S3CR3T@h' }],
    [[], { COMMBENCH_RABBITMQ_URL: 'amqp//u:S3CR3T@h' }],
    [['--set', 'targets.rest.env.X:S3CR3T'], {}],
    [['--set', 'targets.rest.headers.x=[S3CR3T]'], {}],
    [['--set', 'targets.rest.body=S3CR3T', '--set', 'targets.rest.headers=S3CR3T'], {}],
  ];
  for (const [args, env] of asked) {
    const scenarioText = `name: n\ntitle: t\npatterns: [{ id: rest, title: R, transport: rest, interaction: request-reply }, { id: queue, title: Q, transport: rabbitmq, interaction: work-queue }]\n`;
    await using run = startCli(
      (file, out) => ['run', file, '--out', out, ...args],
      scenarioText,
      undefined,
      env,
    );
    expect([2, 3, 6]).toContain(await run.ended);
    expect(run.stdout() + run.stderr(), args.join(' ')).not.toContain('S3CR3T');
  }
}, 120_000);
