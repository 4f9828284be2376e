import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { allCommands } from '../../src/commands/commands.ts';
import { allIn, commandTree } from '../../src/commands/completion/command-tree.ts';
import { createProgram } from '../../src/commands/program.ts';
import { commandName } from '../../src/commands/terminal/command-definition.ts';
import { formatNames } from '../../src/report/reporters.ts';
import { scenarioNames } from '../../src/scenario/load/catalogue.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';
import { commbenchInside } from '../support/cli-inside.ts';

const scripts = Object.fromEntries(
  await Promise.all(
    ['bash', 'zsh', 'fish'].map(async (shell) => {
      const { code, stdout } = await commbenchInside(['completion', shell]);
      expect(code).toBe(0);
      return [shell, stdout] as const;
    }),
  ),
);

/** What bash offers when Tab is pressed behind these words. */
function offered(...words: string[]): string[] {
  const line = [
    scripts['bash'],
    `COMP_WORDS=(${words.map((word) => `'${word}'`).join(' ')})`,
    `COMP_CWORD=${words.length - 1}`,
    '_commbench',
    'printf "%s\\n" "${COMPREPLY[@]}"',
  ].join('\n');
  const { stdout, stderr } = spawnSync('bash', ['--norc', '-c', line], { encoding: 'utf8' });
  expect(stderr).toBe('');
  return stdout.split('\n').filter((word) => word !== '');
}

test('bash completes commands, and those behind a command', async () => {
  const names = (await allCommands()).map(commandName);
  expect(offered('commbench', '')).toEqual(expect.arrayContaining(names));
  expect(offered('commbench', 'repl')).toEqual(['replay']);
  expect(offered('commbench', 'results', '')).toEqual(['list', 'prune', 'show', 'trend']);
});

test('bash completes options, and the values that are known', async () => {
  expect(offered('commbench', 'run', 'quick', '--ro')).toEqual(['--rounds']);
  expect(offered('commbench', 'report', 'x.json', '--format', '')).toEqual(formatNames());
  expect(offered('commbench', 'run', '')).toEqual(await scenarioNames());
  expect(offered('commbench', 'schema', 're')).toEqual(['result']);
  expect(offered('commbench', 'results', 'prune', '--k')).toEqual(['--keep']);
  expect(offered('commbench', 'up', 'ra')).toEqual(['rabbitmq']);
});

test('bash leaves files to readline, and offers nothing where a value is free', () => {
  expect(offered('commbench', 'run', 'quick', '--out', '')).toEqual([]);
  expect(offered('commbench', 'run', 'quick', '--seed', '')).toEqual([]);
  expect(scripts['bash']).toContain('complete -o bashdefault -o default -F _commbench commbench');
});

test('every shell has every option of every command', async () => {
  const context = { stdout: process.stdout, stderr: process.stderr, env: {} };
  const program = await createProgram(context, (await allCommands()).map(commandName));
  const all = allIn(await commandTree(program));
  expect(all.length).toBeGreaterThan(20);
  for (const { path: own, options } of all) {
    const words = own === '' ? [] : own.split(' ');
    expect(offered('commbench', ...words, '--').toSorted()).toEqual(
      options.map(({ flag }) => flag).toSorted(),
    );
    for (const { flag } of options) {
      expect(scripts['zsh']).toContain(`*${flag}[`);
      expect(scripts['fish']).toMatch(new RegExp(`-l ${flag.slice(2)}\\b`));
    }
  }
});

const isInstalled = (shell: string) => spawnSync(shell, ['--version']).error === undefined;

test.skipIf(!isInstalled('zsh'))('zsh takes its script', () => {
  expect(spawnSync('zsh', ['-n'], { input: scripts['zsh']!, encoding: 'utf8' }).stderr).toBe('');
});

test.skipIf(!isInstalled('fish'))('fish completes from its script', () => {
  const asked = ['results ', 'results prune --k', 'schema ', 'run qui'].map(
    (line) => `complete -C 'commbench ${line}'`,
  );
  using place = temporaryFolder();
  const file = path.join(place.path, 'ask.fish');
  writeFileSync(file, [scripts['fish'], ...asked].join('\n'));
  const { stdout } = spawnSync('fish', ['--no-config', file], { encoding: 'utf8' });
  expect(stdout.split('\n').map((line) => line.split('\t')[0])).toEqual([
    'list',
    'prune',
    'show',
    'trend',
    '--keep',
    'result',
    'scenario',
    'quick',
    '',
  ]);
});

test('another shell is refused', async () => {
  expect(await commbenchInside(['completion', 'csh'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Allowed choices are bash, fish, zsh.') as unknown,
  });
});
