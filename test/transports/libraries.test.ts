import { describe, expect, test } from 'vitest';
import type { TransportDefinition } from '../../src/kernel/transport.ts';
import { describePatterns, resolvePatterns } from '../../src/plan/resolve-patterns.ts';
import { loadScenario } from '../../src/scenario/load/load.ts';
import { loadCatalogue } from '../../src/transports/discover.ts';

const catalogue = await loadCatalogue();

function fairnessOf(name: string, interaction: string, given: object): Readonly<Record<string, string>> {
  const definition: TransportDefinition = catalogue.transports.get(name)!;
  return definition.statements.fairness(definition.options.parse(given), interaction);
}

describe('the shipped scenario of libraries', async () => {
  const { scenario } = await loadScenario('libraries', [], catalogue);
  const records = describePatterns(await resolvePatterns(scenario, { patterns: undefined }, catalogue));
  const mains = scenario.patterns.filter(({ alternative }) => !alternative);

  test.each(mains.map(({ id }) => id))('%s has another library, and says which', (id) => {
    const forms = scenario.patterns.filter(
      (pattern) =>
        pattern.id === id || (pattern.alternative?.to === id && pattern.alternative.by === 'library'),
    );
    const statements = forms.map((form) => {
      const { client, fairness } = records.find((record) => record.id === form.id)!;
      return `${client}: ${fairness['protocol']}`;
    });
    expect(forms.length).toBeGreaterThan(1);
    expect(new Set(statements).size).toBe(forms.length);
  });

  test('every transport is in it', () => {
    expect(new Set(mains.map(({ transport }) => transport))).toEqual(new Set(catalogue.transports.keys()));
  });

  test('tuned patterns say what they give up, and no others', () => {
    const givingUp = records.flatMap(({ id, fairness }) => (fairness['given up'] === undefined ? [] : [id]));
    expect(givingUp).toEqual(['rabbitmq-tuned', 'kafka-tuned']);
  });

  test('the recorded client is the library that is used, with its version', () => {
    const clientOf = (id: string) => records.find((record) => record.id === id)!.client;
    expect(clientOf('events-platformatic')).toMatch(/^@platformatic\/kafka \d/);
    expect(clientOf('queue-client')).toMatch(/^rabbitmq-client \d/);
    expect(clientOf('grpc-connect')).toMatch(/^@connectrpc\/connect-node \d/);
    expect(clientOf('rest-fetch')).toBe(`fetch of Node ${process.versions.node}`);
  });
});

describe('statements that a library changes', () => {
  test('a batch is waited for, and commits by a timer cost work by library', () => {
    const tuned = { lingerMs: 5, commit: 'auto', autoCommitMs: 1000 };
    const priceOf = (client: string) => fairnessOf('kafka', 'event-stream', { ...tuned, client })['given up'];
    expect(priceOf('kafkajs')).toMatch(/up to 5 ms for its batch.*repeats up to 1000 ms/);
    expect(priceOf('platformatic')).toMatch(/may lose up to 1000 ms/);
  });

  test('who reconnects, and how', () => {
    const profileOf = (client: string) =>
      fairnessOf('rabbitmq', 'work-queue', { client, profile: 'library-defaults' })['profile'];
    expect(profileOf('amqplib')).toContain('never reconnects');
    expect(profileOf('rabbitmq-client')).toContain('reconnects after 1 to 30 s');
    expect(fairnessOf('grpc', 'request-reply', { client: 'connect' })['reconnecting']).toContain(
      'no back-off',
    );
  });

  test('the sides of gRPC are named where they differ', () => {
    expect(fairnessOf('grpc', 'request-reply', { host: 'connect' })['protocol']).toBe(
      "gRPC over HTTP/2 without TLS, @grpc/grpc-js as the client, @connectrpc/connect-node as the service's host",
    );
  });
});
