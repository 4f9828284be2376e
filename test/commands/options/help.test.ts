import { describe, expect, test } from 'vitest';
import { transportNames } from '../../../src/transports/discover.ts';
import { allCommands } from '../../../src/commands/commands.ts';
import { commandName } from '../../../src/commands/terminal/command-definition.ts';
import { commbench } from '../../support/cli.ts';
import { commbenchInside } from '../../support/cli-inside.ts';

const COMMANDS = [
  'run',
  'ab',
  'compare',
  'crossover',
  'live',
  'sweep',
  'calibrate',
  'list',
  'report',
  'results',
  'claims',
  'replay',
  'selftest',
  'init',
  'schema',
  'doctor',
  'up',
  'down',
  'status',
  'completion',
];

test('it is asked for its help, and succeeds', () => {
  const { code, stdout, stderr } = commbench(['--help']);
  expect(stdout).toContain('Usage: commbench');
  expect([code, stderr]).toEqual([0, '']);
});

test('alone it prints its help to standard error: nothing was asked', () => {
  const { code, stdout, stderr } = commbench([]);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain('Usage: commbench');
});

test.each(COMMANDS)('%s has examples and exit codes', async (command) => {
  const { code, stdout } = await commbenchInside([command, '--help']);
  expect(code).toBe(0);
  expect(stdout).toContain(`Usage: commbench ${command}`);
  expect(stdout).toMatch(/\nExamples:\n {2}commbench /);
  expect(stdout).toMatch(/\nExit codes:\n +0 {2}done\n/);
});

test.each(COMMANDS)('%s takes the arguments that the list of commands shows', async (name) => {
  const { usage, load } = (await allCommands()).find((one) => commandName(one) === name)!;
  const context = { stdout: process.stdout, stderr: process.stderr, env: {} };
  const command = (await load())(context);
  expect(`${command.name()} ${command.usage()}`.replace(' [options]', '')).toBe(usage);
});

describe('a slip is answered with the nearest, exit code 2, and nothing on standard output', () => {
  test.each([
    [['rum'], "unknown command 'rum'. Did you mean run?"],
    [['run', 'x', '--rat', '3'], "unknown option '--rat'. Did you mean --rate?"],
    [['run'], "missing required argument 'scenario'"],
    [['run', 'rest-vs-que'], 'Did you mean rest-vs-queue?'],
    [['run', 'rest-vs-queue', '--patterns', 'rest,queu'], 'found queu. Did you mean queue?'],
    [['run', 'rest-vs-queue', '--target', 'ret=http://127.0.0.1:1/'], 'found ret. Did you mean rest?'],
    [['run', 'rest-vs-queue', '--format', 'tabel'], 'found tabel. Did you mean table?'],
    [['run', 'rest-vs-queue', '--rate', 'fast'], 'Expected a rate such as 200, 200/s or 1k/s, found fast'],
    [
      ['run', 'rest-vs-queue', '--duration', '3'],
      'Expected a time with its unit, such as 3s, 500ms or 2m, found 3',
    ],
    [['run', 'rest-vs-queue', '--rounds', '-1'], 'Expected a whole number, found -1'],
    [['run', 'rest-vs-queue', '--rounds', '0'], '--rounds 0: rounds: Expected at least 1, found 0'],
    [
      ['run', 'rest-vs-queue', '--rate', '1M'],
      '--rate 1M: load.ratePerS: Expected at most 50000, found 1000000',
    ],
    [['run', 'rest-vs-queue', '--set', 'rounds'], 'Expected --set path=value, found rounds'],
    [['run', 'rest-vs-queue', '--broker', 'rabitmq=amqp://127.0.0.1'], 'Did you mean rabbitmq?'],
    [
      ['run', 'rest-vs-queue', '--set', 'contract=usrs'],
      '--set contract=usrs: contract: Expected a contract, found usrs. Did you mean users?',
    ],
    [['run', 'rest-vs-queue', '--set', 'mix.0.operation=createUsr'], 'Did you mean createUser?'],
    [
      ['run', 'rest-vs-queue', '--set', 'patterns.rest.transport=rst'],
      `patterns[0].transport: Expected one of ${transportNames().join(', ')}, found rst. Did you mean rest?`,
    ],
    [
      ['run', 'rest-vs-queue', '--set', 'patterns.rest.interaction=work-queue'],
      'patterns[0].interaction: Expected an interaction that REST offers (request-reply), found work-queue',
    ],
    [
      ['run', 'rest-vs-queue', '--set', 'patterns.rest.options.connection=3'],
      'patterns[0].options.connection: Expected one of client, connections,',
    ],
    [['crossover', 'payload', '--between', 'rest'], 'Expected two patterns, such as rest,grpc, found rest'],
    [
      ['crossover', 'payload', '--between', 'rest,gprc'],
      '--between: Expected a pattern of pattern-comparison',
    ],
    [
      [
        'crossover',
        'rate',
        '--between',
        'rest,grpc',
        '--scenario',
        'bulkhead',
        '--set',
        'patterns.grpc={id: grpc, title: gRPC, transport: grpc, interaction: request-reply}',
      ],
      'needs a scenario without services',
    ],
    [
      ['crossover', 'rate', '--between', 'rest,grpc', '--to', '18kB'],
      '--to: Expected a rate from 1/s to 50k/s',
    ],
    [
      ['crossover', 'payload', '--between', 'rest,grpc', '--from', '2kB', '--to', '1kB'],
      '--from must be below --to',
    ],
    [
      ['crossover', 'payload', '--between', 'rest,queue', '--figure', 'response'],
      '--figure response is only valid with payload or rate',
    ],
    [
      ['crossover', 'payload', '--between', 'rest,grpc', '--do', 'kill'],
      '--do is only valid with crossover outage',
    ],
    [['list', 'polices'], 'Allowed choices are faults, policies.'],
    [['run', 'bulkhead', '--all', '--variants', 'none'], "'--all' cannot be used with option '--variants"],
    [['report', 'nowhere.json'], 'nowhere.json: file not found'],
    [['replay', 'package.json'], 'package.json is not a commbench result'],
    [['compare', 'nowhere'], 'nowhere: file not found'],
    [['compare', 'package.json', 'x.json'], 'package.json is not a commbench result'],
    [['compare', 'docs', 'docs'], 'docs has no results of `commbench run`'],
    [['compare', 'x', 'y', '--margin', '5'], 'Expected a share such as 5%, 50% at most, found 5'],
  ])('%j', async (args, message) => {
    const { code, stdout, stderr } = await commbenchInside(args);
    expect(stderr).toContain(message);
    expect([code, stdout]).toEqual([2, '']);
  });
});
