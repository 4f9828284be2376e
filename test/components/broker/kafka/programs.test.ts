import { chmodSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { installedJars } from '../../../../src/components/broker/kafka/jars.ts';
import { KAFKA_JARS, KAFKA_VERSION } from '../../../../src/components/broker/kafka/jars-lock.ts';
import { installedJava } from '../../../../src/components/broker/kafka/java.ts';
import { brokerSettings } from '../../../../src/components/broker/kafka/settings.ts';
import { broker } from '../../../../src/components/broker/kafka/broker.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

afterEach(() => void vi.unstubAllEnvs());

test('the lock is a list of different files, each with its hash and size, and Kafka is among them', () => {
  const names = KAFKA_JARS.map((file) => path.basename(file.path));
  expect(new Set(names).size).toBe(44);
  expect(names).toContain(`kafka_2.13-${KAFKA_VERSION}.jar`);
  for (const { path: name, sha256, bytes } of KAFKA_JARS) {
    expect(name).toMatch(/^[\w./-]+\/([\w.-]+)\/([\w.-]+)\/\1-\2\.jar$/);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(bytes).toBeGreaterThan(1000);
  }
});

test('a Kafka that the user installed is found by KAFKA_HOME, with its version', () => {
  using root = temporaryFolder();
  const libs = path.join(root.path, 'libs');
  mkdirSync(libs);
  for (const name of ['zstd.jar', 'kafka_2.13-4.2.0.jar', 'README']) writeFileSync(path.join(libs, name), '');
  vi.stubEnv('KAFKA_HOME', root.path);
  const files = ['kafka_2.13-4.2.0.jar', 'zstd.jar'].map((name) => path.join(realpathSync(libs), name));
  expect(installedJars()).toEqual({ version: '4.2.0', files });
});

test.each([
  ['kafka_2.12-2.8.1.jar', 'is older than 3.5'],
  ['kafka-clients-4.2.0.jar', 'no Kafka in'],
])('with %s only: %s', (name, said) => {
  using root = temporaryFolder();
  mkdirSync(path.join(root.path, 'libs'));
  writeFileSync(path.join(root.path, 'libs', name), '');
  vi.stubEnv('KAFKA_HOME', root.path);
  expect(installedJars()).toContain(said);
});

test.each([
  ['21.0.4', true],
  ['17', true],
  ['11.0.2', false],
  ['1.8.0_392', false],
])("JAVA_HOME's java of version %s is good enough: %s", async (version, isGood) => {
  using root = temporaryFolder();
  const java = path.join(root.path, 'bin/java');
  mkdirSync(path.dirname(java));
  writeFileSync(java, `#!/bin/sh\necho 'openjdk version "${version}" 2024-07-16' >&2\n`);
  chmodSync(java, 0o700);
  vi.stubEnv('JAVA_HOME', root.path);
  const found = await installedJava(new AbortController().signal);
  expect(typeof found !== 'string' && found.file === java).toBe(isGood);
});

test('the container has the settings of a broker of ours, and tells clients to come to loopback', () => {
  const environment = broker.compose['environment'] as Record<string, string>;
  const listening = { host: '127.0.0.1', port: 1, controllerPort: 2, advertised: '127.0.0.1:1' };
  const names = Object.keys(brokerSettings(listening)).map(
    (key) => `KAFKA_${key.toUpperCase().replaceAll('.', '_')}`,
  );
  expect(Object.keys(environment)).toEqual(expect.arrayContaining(names));
  expect(environment['KAFKA_ADVERTISED_LISTENERS']).toBe(
    'PLAINTEXT://127.0.0.1:${COMMBENCH_KAFKA_PORT:-9092}',
  );
  expect(broker.compose.ports).toEqual(['127.0.0.1:${COMMBENCH_KAFKA_PORT:-9092}:9092']);
});
