import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { alterUserScramCredentialsV0, Connection } from '@platformatic/kafka';
import { afterAll, beforeAll, describe, expect, test, type TestContext } from 'vitest';
import type { ProgramSpec } from '../../../src/kernel/program.ts';
import { freePorts } from '../../../src/platform/net/ports.ts';
import { type Certificates, makeCertificates } from '../../support/tls/certificates.ts';
import { openKafkaPlace } from '../../support/kafka-place.ts';
import { startOwnBroker } from '../../support/own-broker.ts';
import { depthOf, openStranger } from '../../support/rabbitmq-place.ts';
import { type CliRun, startRun } from '../run.ts';

/** Of no value anywhere, and nowhere else in a result. */
const PASSWORD = 'p@ss/w:rd-of-a-test?#';
process.env['COMMBENCH_TEST_PASSWORD'] = PASSWORD;
const HANG_GUARD_MS = 180_000;

let made: Certificates;
beforeAll(async () => void (made = await makeCertificates()));
afterAll(() => made[Symbol.dispose]());

/** A broker of ours with one more listener; undefined where there is none on this machine. */
async function start(name: string, adjust: (spec: ProgramSpec) => void) {
  try {
    return await startOwnBroker(name, adjust);
  } catch (error) {
    process.stderr.write(`SKIPPED targets over TLS on ${name}: ${(error as Error).message}\n`);
    return undefined;
  }
}

/** @param target its fields, as YAML */
function scenario(transport: string, interaction: string, target: readonly string[]): string {
  return [
    'name: own\ntitle: T\nrounds: 1\nnoop: false\ndurationMs: 500\nwarmUp: { calls: 20, probeMs: 0 }',
    `patterns:\n  - { id: own, title: T, transport: ${transport}, interaction: ${interaction} }`,
    'load: { shape: constant, ratePerS: 100 }',
    `targets:\n  own:\n${target.map((field) => `    ${field}\n`).join('')}`,
  ].join('\n');
}

async function expectAllAccepted(run: CliRun): Promise<void> {
  expect(await run.ended, run.stderr()).toBe(0);
  const { trials } = run.result();
  expect(trials.map(({ state, phases }) => [state, phases[0]!.outcomes['ok']])).toEqual([['done', 50]]);
  expect(run.stdout() + run.stderr() + JSON.stringify(run.json())).not.toContain(PASSWORD);
  expect(JSON.stringify(run.json())).not.toContain(encodeURIComponent(PASSWORD));
}

/** The one trial failed, with these words. */
async function expectFailed(run: CliRun, words: RegExp): Promise<void> {
  expect(await run.ended, run.stderr()).toBe(3);
  expect(run.result().trials.map(({ failure }) => failure)).toEqual([expect.stringMatching(words)]);
  expect(run.stdout() + run.stderr() + JSON.stringify(run.json())).not.toContain(PASSWORD);
}

describe('RabbitMQ over TLS', { timeout: HANG_GUARD_MS }, () => {
  const queue = 'own-tls';
  let broker: Awaited<ReturnType<typeof start>>;
  let port: number;
  beforeAll(async () => {
    [port] = (await freePorts(1)) as [number];
    broker = await start('rabbitmq', (spec) => {
      const file = spec.env?.['RABBITMQ_CONFIG_FILE'];
      if (file === undefined) return;
      const users = path.join(path.dirname(file), 'users.json');
      const permission = { vhost: '/', configure: '.*', write: '.*', read: '.*' };
      const names = ['guest', 'load'];
      const definitions = {
        users: [
          { name: 'guest', password: 'guest', tags: 'administrator' },
          { name: 'load', password: PASSWORD, tags: '' },
        ],
        vhosts: [{ name: '/' }],
        permissions: names.map((user) => ({ user, ...permission })),
      };
      writeFileSync(users, JSON.stringify(definitions));
      const settings = {
        'listeners.ssl.1': `127.0.0.1:${port}`,
        'ssl_options.cacertfile': made.ca,
        'ssl_options.certfile': made.server.cert,
        'ssl_options.keyfile': made.server.key,
        'ssl_options.verify': 'verify_peer',
        'ssl_options.fail_if_no_peer_cert': 'true',
        load_definitions: users,
      };
      const lines = Object.entries(settings).map(([key, value]) => `${key} = ${value}\n`);
      appendFileSync(file, lines.join(''));
    });
    if (!broker) return;
    await using channel = await openStranger(broker.url);
    await channel.assertQueue(queue, { durable: true });
  }, HANG_GUARD_MS);
  afterAll(() => broker?.[Symbol.asyncDispose](), HANG_GUARD_MS);

  const target = (url: string, tls: string) =>
    scenario('rabbitmq', 'work-queue', [
      `url: "${url}"`,
      `tls: ${tls}`,
      `queue: ${queue}`,
      'body: { id: "{{id}}" }',
      `completion: { queue: ${queue}, correlate: { field: id } }`,
    ]);
  const own = (user = 'load:{{env COMMBENCH_TEST_PASSWORD}}') => `amqps://${user}@localhost:${port}`;
  const client = () => `{ ca: ${made.ca}, cert: ${made.client.cert}, key: ${made.client.key} }`;
  const skip = ({ skip: leave }: TestContext) => {
    if (!broker) leave('no RabbitMQ of our own here');
  };

  test('publishes and reads completions as the user of the environment, with a client certificate', async (context) => {
    skip(context);
    await using run = startRun(target(own(), client()), ['--full']);
    await expectAllAccepted(run);
    expect(run.result().trials[0]!.phases[0]!.done).toBe(50);
    expect(run.stdout()).toMatch(/certificates verified by/);
    expect(await depthOf(broker!.url, queue)).toBe(0);
  });

  test('says that it demands a certificate', async (context) => {
    skip(context);
    await using run = startRun(target(own(), `{ ca: ${made.ca} }`));
    await expectFailed(run, /^localhost:\d+ demands a client certificate \(.*\) → Give one/);
  });

  test('says which authority has signed its certificate', async (context) => {
    skip(context);
    await using run = startRun(target(own(), client().replace(made.ca, made.otherCa)));
    await expectFailed(run, /is signed by no authority that is trusted: Test authority/);
  });

  test('is named where its plain port is spoken to by TLS, and the other way round', async (context) => {
    skip(context);
    const plain = new URL(broker!.url).port;
    await using wrong = startRun(target(own().replace(String(port), plain), client()));
    await expectFailed(wrong, /does not speak TLS, and its URL begins with amqps:\/\//);
    const text = target(own().replace('amqps:', 'amqp:'), client()).replace(/ +tls: .*\n/, '');
    await using other = startRun(text);
    await expectFailed(other, /speaks TLS, and its URL begins with amqp:\/\/ → Write amqps:\/\//);
  });

  test('refuses a wrong login in its own words', async (context) => {
    skip(context);
    await using run = startRun(target(own('nobody:{{env COMMBENCH_TEST_PASSWORD}}'), client()));
    await expectFailed(run, /ACCESS_REFUSED/);
  });
});

describe('Kafka over TLS and SASL', { timeout: HANG_GUARD_MS }, () => {
  let broker: Awaited<ReturnType<typeof start>>;
  let place: Awaited<ReturnType<typeof openKafkaPlace>> | undefined;
  let port: number;
  beforeAll(async () => {
    [port] = (await freePorts(1)) as [number];
    broker = await start('kafka', (spec) => {
      const file = spec.args.at(-1) ?? '';
      if (!file.endsWith('server.properties')) return;
      const store = path.join(path.dirname(file), 'store.pem');
      writeFileSync(store, readFileSync(made.server.key, 'utf8') + readFileSync(made.server.cert, 'utf8'));
      writeFileSync(file, withSecureListener(readFileSync(file, 'utf8'), store));
    });
    if (!broker) return;
    await addScramUser(broker.url);
    place = await openKafkaPlace(broker.url);
  }, HANG_GUARD_MS);
  afterAll(async () => {
    await place?.[Symbol.asyncDispose]();
    await broker?.[Symbol.asyncDispose]();
  }, HANG_GUARD_MS);

  function withSecureListener(properties: string, store: string): string {
    const login = 'org.apache.kafka.common.security';
    const more = {
      'ssl.keystore.type': 'PEM',
      'ssl.keystore.location': store,
      'ssl.truststore.type': 'PEM',
      'ssl.truststore.location': made.ca,
      'sasl.enabled.mechanisms': 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
      'listener.name.sasl_ssl.plain.sasl.jaas.config': `${login}.plain.PlainLoginModule required user_load="${PASSWORD}";`,
      'listener.name.sasl_ssl.scram-sha-256.sasl.jaas.config': `${login}.scram.ScramLoginModule required;`,
      'listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config': `${login}.scram.ScramLoginModule required;`,
    };
    const at = `SASL_SSL://localhost:${port}`;
    return (
      properties
        .replace(/^listeners=.*/m, (line) => `${line},SASL_SSL://127.0.0.1:${port}`)
        .replace(/^advertised\.listeners=.*/m, (line) => `${line},${at}`)
        .replace(/^listener\.security\.protocol\.map=.*/m, (line) => `${line},SASL_SSL:SASL_SSL`) +
      Object.entries(more)
        .map(([key, value]) => `${key}=${value}\n`)
        .join('')
    );
  }

  /** The broker keeps the salted password alone (RFC 5802). */
  async function addScramUser(url: string): Promise<void> {
    const { hostname, port: plain } = new URL(url);
    const connection = new Connection('commbench-test');
    await connection.connect(hostname, Number(plain));
    const iterations = 4096;
    // The protocol's numbers of SCRAM-SHA-256 and SCRAM-SHA-512, one in a request.
    for (const [mechanism, hash, bytes] of [
      [1, 'sha256', 32],
      [2, 'sha512', 64],
    ] as const) {
      const salt = randomBytes(16);
      const saltedPassword = pbkdf2Sync(PASSWORD, salt, iterations, bytes, hash);
      const user = { name: 'load', mechanism, iterations, salt, saltedPassword };
      await alterUserScramCredentialsV0.api.async(connection, [], [user]);
    }
    await connection.close();
  }

  const target = (more: readonly string[], scheme = 'kafkas') =>
    scenario('kafka', 'publish-subscribe', [
      `url: "${scheme}://localhost:${port}"`,
      `topic: ${place!.address['topic']}`,
      'body: { id: "{{id}}" }',
      `completion: { topic: ${place!.address['topic']}, correlate: { field: id } }`,
      ...more,
    ]);
  const login = (mechanism: string, username = 'load') =>
    `sasl: { mechanism: ${mechanism}, username: ${username}, password: "{{env COMMBENCH_TEST_PASSWORD}}" }`;
  const trusting = () => `tls: { ca: ${made.ca} }`;
  const skip = ({ skip: leave }: TestContext) => {
    if (!broker) leave('no Kafka of our own here');
  };

  test.each(['plain', 'scram-sha-256', 'scram-sha-512'])(
    'publishes and reads completions by %s',
    async (mechanism) => {
      if (!broker) return;
      await using run = startRun(target([trusting(), login(mechanism)]), ['--full']);
      await expectAllAccepted(run);
      expect(run.result().trials[0]!.phases[0]!.done).toBe(50);
      expect(run.stdout()).toMatch(new RegExp(`SASL\\s+${mechanism}`));
    },
  );

  test('says that the broker refuses the login', async (context) => {
    skip(context);
    await using run = startRun(target([trusting(), login('plain', 'nobody')]));
    await expectFailed(run, /Authentication failed/);
  });

  test('says which authority has signed the certificate of the broker', async (context) => {
    skip(context);
    await using run = startRun(target([`tls: { ca: ${made.otherCa} }`, login('plain')]));
    await expectFailed(run, /is signed by no authority that is trusted: Test authority/);
  });

  test('is named where its URL is one without TLS', async (context) => {
    skip(context);
    await using run = startRun(target([login('plain')], 'kafka'));
    await expectFailed(run, /speaks TLS, and its URL begins with kafka:\/\/ → Write kafkas:\/\//);
  });
});
