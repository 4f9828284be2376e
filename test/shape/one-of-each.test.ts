import { spawnSync } from 'node:child_process';
import {
  constants,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Result } from '../../src/record/record.ts';
import { GENERATED } from './generated/generated-files.ts';
import { LAYERS } from './layers.ts';
import { checkAll } from './rules.ts';
import { readTree } from './tree/tree.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const ADDED = path.join(import.meta.dirname, 'fixtures/one-of-each');
const NOT_COPIED = ['node_modules', '.git', '.install', '.cache', 'dist', 'results', 'coverage'];
/** Tests of what is listed, explained or generated: of the unit tests, those that one more of a kind could fail. */
const OF_LISTS = [
  'test/analysis/claims/assess',
  'test/analysis/claims/claims-list',
  'test/commands/options/golden-lists',
  'test/components/broker/compose-file',
  'test/contracts/interactions',
  'test/experiments/discover',
  'test/plan/kinds',
  'test/policies/every-policy',
  'test/policies/presets',
  'test/report/reporters',
  'test/scenario/load/load',
  'test/scenario/schema/template',
  'test/shape/generated',
  'test/transports/complexity',
];

const SUITE_MS = 5 * 60_000;

/** A copy of the repository with one more of each kind, and with generated files made anew; nothing else is edited. */
let copy: string;
beforeAll(() => {
  copy = mkdtempSync(path.join(os.tmpdir(), 'commbench-one-of-each-'));
  for (const name of readdirSync(ROOT).filter((one) => !NOT_COPIED.includes(one)))
    cpSync(path.join(ROOT, name), path.join(copy, name), { recursive: true });
  symlinkSync(path.join(ROOT, 'node_modules'), path.join(copy, 'node_modules'));
  for (const file of filesIn(ADDED)) {
    mkdirSync(path.dirname(path.join(copy, file)), { recursive: true });
    copyFileSync(path.join(ADDED, file), path.join(copy, file), constants.COPYFILE_EXCL);
  }
  run(process.execPath, 'test/shape/generate.ts');
});
afterAll(() => rmSync(copy, { recursive: true }));

describe('the program finds', () => {
  it('a claim in a file, with its statement and its rule', () => {
    expect(commbench('claims', '--rules', '--full')).toMatch(
      /pigeon .*Pigeons keep a contract .*commbench run quick/,
    );
  });

  it('a transport in a folder', () => {
    expect(commbench('list')).toMatch(/^ {2}pigeon +Carrier pigeon: work-queue, lottery$/m);
  });

  it('a component in a folder: the broker of that transport, for every command that starts or finds brokers', () => {
    expect(commbench('up', 'lofft')).toContain('Did you mean loft?');
    const { brokers } = JSON.parse(commbench('doctor', '--json')) as { brokers: { name: string }[] };
    expect(brokers).toContainEqual(expect.objectContaining({ name: 'loft', state: 'unavailable' }));
    expect(commbench('run', 'scenario.yaml', '--quiet')).toContain('no loft on this roof');
  });

  it('a fault in a file: in its list, with its options, and in the schema of scenarios', () => {
    expect(commbench('list', 'faults')).toContain(
      'stutter (application): the service delays one message of a few',
    );
    expect(commbench('list', 'faults')).toContain('lateMs = 50 (0 to 60000): delay of a late message');
    expect(schemaHas({ const: 'stutter' })).toBe(true);
  });

  it('a policy in a file: in its list, in the schema, and on the edge of a scenario', () => {
    expect(commbench('list', 'policies')).toContain('patience: waits before each call');
    expect(schemaHas({ const: 'patience' })).toBe(true);
    expect(commbench('run', 'scenario.yaml', '--quiet', '--full')).toContain('patience (pauseMs 1)');
  });

  it('a format in a file', () => {
    expect(commbench('list')).toMatch(/^ {2}shouted$/m);
    expect(commbench('run', 'scenario.yaml', '--quiet', '--format', 'shouted')).toContain(
      'A PIGEON, A STUTTER AND SOME PATIENCE!',
    );
  });

  it('an interaction in a file, which a transport may offer', () => {
    expect(commbench('schema')).toContain('"lottery"');
  });

  it('a trial kind in a file: in its list, with a field of its own in the schema, and in the order of trials', () => {
    expect(commbench('list')).toMatch(/^ {2}soak +the load for much longer: does anything grow\?$/m);
    expect(commbench('schema')).toContain('"one more trial per pattern, much longer; null = none"');
    commbench('run', 'scenario.yaml', '--quiet', '--out', 'soak.json');
    const { design } = JSON.parse(readFileSync(path.join(copy, 'soak.json'), 'utf8')) as Result;
    expect(design.order.map(({ kind }) => kind)).toContain('soak');
  });

  it('an experiment in a folder: its command, and its records', () => {
    expect(commbench('--help')).toMatch(/^ {2}soak <scenario> +the same trial again and again$/m);
    const printed = commbench('soak', 'scenario.yaml', '--quiet', '--out', 'soak.json');
    expect(printed).toContain('Soaked 0 times, asked for 2; without Pigeon.');
    expect(commbench('report', 'soak.json')).toBe(printed);
    expect(commbench('claims', 'soak.json')).toContain('is a result of `commbench soak`');
  });
});

it('all of them compile', () => {
  const tsc = path.join(ROOT, 'node_modules/.bin/tsc');
  expect(run(tsc, '--noEmit', '-p', 'tsconfig.build.json')).toBe('');
});

it('no file is edited, but for what is generated', () => {
  const generated = GENERATED.map(({ path: name }) => name);
  const known = filesIn(copy).filter((file) => existsSync(path.join(ROOT, file)));
  const isEdited = (file: string) => !textIn(ROOT, file).equals(textIn(copy, file));
  expect(generated).toEqual(expect.arrayContaining(known.filter(isEdited)));
});

it(
  'no test of lists fails with them',
  () => {
    const vitest = path.join(ROOT, 'node_modules/vitest/vitest.mjs');
    const args = [vitest, 'run', '--project', 'unit', '--reporter', 'dot', '--no-color', ...OF_LISTS];
    const printed = run(process.execPath, ...args);
    const count = OF_LISTS.length;
    expect(printed).toMatch(new RegExp(String.raw`Test Files +${count} passed \(${count}\)`));
  },
  SUITE_MS,
);

it('the rules of shape hold with them', () => {
  expect(checkAll(readTree(copy, LAYERS)).flatMap(({ problems }) => problems)).toEqual([]);
});

/** Both streams of each command, which is run once. */
const outputs = new Map<string, string>();

function commbench(...args: string[]): string {
  const command = args.join(' ');
  if (!outputs.has(command)) outputs.set(command, run(process.execPath, 'src/cli.ts', ...args));
  return outputs.get(command)!;
}

function run(program: string, ...args: string[]): string {
  const { PATH = '' } = process.env;
  const { stdout, stderr } = spawnSync(program, args, {
    cwd: copy,
    encoding: 'utf8',
    env: {
      PATH: `${path.dirname(process.execPath)}${path.delimiter}${PATH}`,
      HOME: copy,
      COLUMNS: '200',
      CI: 'true',
    },
  });
  return stdout + stderr;
}

function textIn(folder: string, file: string): Buffer {
  return readFileSync(path.join(folder, file));
}

function schemaHas(part: object): boolean {
  return commbench('schema').replaceAll(/\s/g, '').includes(JSON.stringify(part).slice(1, -1));
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)).replaceAll(path.sep, '/'));
}
