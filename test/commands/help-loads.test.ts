import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { CLI } from '../support/cli.ts';
import { recordLoaded } from '../support/loaded-packages.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

function loadedBy(args: readonly string[]): string[] {
  using place = temporaryFolder();
  const loaded = recordLoaded(place.path);
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'], ...loaded.env };
  spawnSync(process.execPath, [...loaded.flags, CLI, ...args], { env });
  return loaded.packages();
}

// Each would be a part of the half second that a user waits for a list of commands.
test.each([[['--help']], [['--version']], [[]], [['help']], [['rum']]])(
  '%j loads no client library, no schema and no YAML',
  (args) => {
    expect(loadedBy(args)).toEqual(['commander']);
  },
);

test('a command that is named loads no client library for its help', () => {
  const clients = ['undici', 'amqplib', 'kafkajs', '@platformatic/kafka', '@grpc/grpc-js', 'graphql'];
  expect(loadedBy(['run', '--help']).filter((name) => clients.includes(name))).toEqual([]);
});

const READERS = [
  '@scalar/json-magic',
  '@scalar/openapi-upgrader',
  'ajv',
  'json-schema-faker',
  'protobufjs',
  '@grpc/proto-loader',
];
test.each([[['init', '--help']], [['list']], [['schema']]])(
  '%j loads nothing that reads descriptions of services',
  (args) => {
    expect(loadedBy(args).filter((name) => READERS.includes(name))).toEqual([]);
  },
);
