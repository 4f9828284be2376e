import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { Command, Option } from 'commander';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { applyDefaults } from '../../../src/commands/options/config-defaults.ts';
import { findConfig } from '../../../src/commands/options/config-file.ts';
import { asGiven, repeated, whole } from '../../../src/commands/options/parsers.ts';
import { writeResult } from '../../../src/record/store.ts';
import { commbench } from '../../support/cli.ts';
import { completeResult } from '../../support/result.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

let place: ReturnType<typeof temporaryFolder>;
beforeEach(() => {
  place = temporaryFolder();
});
afterEach(() => place[Symbol.dispose]());

function write(name: string, text: string): void {
  const file = path.join(place.path, name);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
}

describe('the file', () => {
  const found = async (from = '.', env = {}) => {
    const config = await findConfig(env, path.join(place.path, from));
    return config && [config.file, config.sections];
  };

  test.each([
    ['commbench.config.json', '{ "run": { "rounds": 3 } }'],
    ['commbench.config.yaml', 'run: { rounds: 3 }'],
    ['commbench.config.yml', 'run:\n  rounds: 3\n'],
    ['package.json', '{ "name": "mine", "commbench": { "run": { "rounds": 3 } } }'],
  ])('may be %s', async (name, text) => {
    write(name, text);
    expect(await found()).toEqual([name, { run: { rounds: 3 } }]);
  });

  test('is looked for up to the folder of the project, and no further', async () => {
    write('commbench.config.json', '{ "run": { "rounds": 9 } }');
    write('project/package.json', '{}');
    write('project/deep/er/x', '');
    expect(await found('project/deep/er')).toBeUndefined();
    write('project/commbench.config.json', '{ "run": { "rounds": 3 } }');
    expect(await found('project/deep/er')).toEqual(['../../commbench.config.json', { run: { rounds: 3 } }]);
  });

  test('may be named, or none', async () => {
    write('commbench.config.json', '{}');
    write('ci.json', '{ "run": { "rounds": 1 } }');
    expect(await found('.', { COMMBENCH_CONFIG: 'ci.json' })).toEqual(['ci.json', { run: { rounds: 1 } }]);
    expect(await found('.', { COMMBENCH_CONFIG: 'none' })).toBeUndefined();
    await expect(found('.', { COMMBENCH_CONFIG: 'x.json' })).rejects.toThrow('x.json: file not found');
  });

  test('that is damaged is refused by its name; a damaged package.json is npm’s business', async () => {
    write('package.json', '{');
    expect(await found()).toBeUndefined();
    write('commbench.config.yaml', 'run: [');
    await expect(found()).rejects.toThrow(/commbench\.config\.yaml is not valid YAML/);
    write('commbench.config.json', '[1]');
    await expect(found()).rejects.toThrow('commbench.config.json: Expected sections by command');
  });
});

describe('its values', () => {
  function commandWith(args: readonly string[]): Command {
    const run = new Command('run')
      .argument('<scenario>')
      .addOption(new Option('--rounds <n>', 'number').argParser(whole))
      .addOption(new Option('--strict', 'strictly'))
      .addOption(new Option('--all', 'all').conflicts('variants'))
      .addOption(new Option('--variants <ids>', 'ids'))
      .addOption(new Option('--max-time <time>', 'at most').default('4h'))
      .addOption(new Option('--wait-quiet [time]', 'wait').preset('10m'))
      .addOption(new Option('--broker <url>', 'use it (repeatable)').argParser(repeated(asGiven)))
      .action(() => undefined);
    const program = new Command('commbench').addCommand(run).addCommand(new Command('report'));
    program.parse(['node', 'commbench', 'run', 'x', ...args]);
    return run;
  }
  const applied = (section: object, ...args: string[]) => {
    const command = commandWith(args);
    const { texts } = applyDefaults(command, { file: 'c.json', sections: { run: section } });
    return { texts, options: command.opts() };
  };

  test('are parsed as on the command line, and shown as such', () => {
    const section = { rounds: 3, strict: true, 'max-time': '1h', waitQuiet: true, broker: ['a', 'b'] };
    expect(applied(section)).toEqual({
      texts: ['--rounds 3', '--strict', '--max-time 1h', '--wait-quiet', '--broker a', '--broker b'],
      options: { rounds: 3, strict: true, maxTime: '1h', waitQuiet: '10m', broker: ['a', 'b'] },
    });
  });

  test('yield to the command line, also where that excludes them', () => {
    expect(applied({ rounds: 3, all: true }, '--rounds', '5', '--variants', 'a')).toEqual({
      texts: [],
      options: { rounds: 5, variants: 'a', maxTime: '4h' },
    });
  });

  test('a switch may be off, and a list is one value where an option is not repeated', () => {
    expect(applied({ strict: false, variants: ['a', 'b'] }).options).toMatchObject({ variants: 'a,b' });
    expect(applied({ strict: false }).options).not.toHaveProperty('strict');
  });

  test.each([
    [{ roundz: 3 }, 'c.json: run: Expected an option of the command, found roundz', 'Did you mean rounds?'],
    [{ rounds: 'x' }, 'c.json: run.rounds: Expected a whole number, found x', undefined],
    [{ strict: 'yes' }, 'c.json: run.strict: Expected true or false, found "yes"', undefined],
    [{ rounds: { a: 1 } }, 'c.json: run.rounds: Expected a text, a number, or a list of these', undefined],
  ])('%j is refused with its place', (section, message, hint) => {
    const apply = () => applied(section);
    expect(apply).toThrow(message);
    if (hint !== undefined) expect(apply).toThrow(expect.objectContaining({ hint }) as never);
  });

  test('a section of no command is refused with the nearest', () => {
    const config = { file: 'c.json', sections: { rum: {} } };
    expect(() => applyDefaults(commandWith([]), config)).toThrow(
      'c.json: Expected the name of a command, found rum',
    );
    const behind = new Command('list');
    new Command('commbench').addCommand(new Command('results').addCommand(behind));
    const misspelt = { file: 'c.json', sections: { results: { lsit: { json: true } } } };
    expect(() => applyDefaults(behind, misspelt)).toThrow(
      'c.json: Expected the name of a command, found lsit',
    );
  });
});

test('a command takes them, says so, and help needs none of them', () => {
  write('commbench.config.yaml', 'report: { format: csv }\nresults: { list: { json: true } }');
  mkdirSync(path.join(place.path, 'results'));
  writeResult(path.join(place.path, 'results/r.json'), completeResult());
  const here = (...args: string[]) => commbench(args, { cwd: place.path });
  const { stdout, stderr } = here('report', 'results/r.json');
  expect(stdout).toMatch(/^section,pattern,/);
  expect(stderr).toBe('Options of commbench.config.yaml: --format csv\n');
  expect(here('report', 'results/r.json', '--format', 'markdown').stdout).toMatch(/^## /);
  // A command behind another one has its section in that of the other.
  expect(JSON.parse(here('results', 'list').stdout)).toHaveProperty('heads');
  write('commbench.config.yaml', 'report: { fromat: csv }');
  expect(here('report', 'results/r.json')).toMatchObject({ code: 2, stdout: '' });
  expect(here('report', '--help').code).toBe(0);
});
