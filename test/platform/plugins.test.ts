import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { commbench } from '../support/cli.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const PLUGIN = path.join(import.meta.dirname, 'fixtures/plugin');

const withPlugins = (plugins: string, args: readonly string[], cwd?: string) =>
  commbench(args, { ...(cwd === undefined ? {} : { cwd }), env: { COMMBENCH_PLUGINS: plugins } });

test('a plugin’s transports, policies and faults stand in the lists and in the schema', () => {
  const { code, stdout } = withPlugins(PLUGIN, ['list']);
  expect(code).toBe(0);
  expect(stdout).toMatch(/^ {2}semaphore +Semaphore flags: request-reply$/m);
  expect(stdout).toMatch(/^ {2}sigh +sighs before each call$/m);
  expect(stdout).toMatch(/^ {2}yawn +the service yawns$/m);
  const schema = withPlugins(PLUGIN, ['schema']).stdout;
  expect(schema).toContain('"const": "sigh"');
  expect(schema).toContain('"const": "yawn"');
});

test('without the variable there is none of it', () => {
  expect(commbench(['list']).stdout).not.toMatch(/semaphore|sigh|yawn/);
});

test('a plugin is a package of the project, wherever in it the command stands', () => {
  using place = temporaryFolder();
  const installed = path.join(place.path, 'node_modules/@mine/flags');
  cpSync(path.join(PLUGIN, 'faults'), path.join(installed, 'faults'), { recursive: true });
  // As the plugin's own dependency would be.
  mkdirSync(path.join(installed, 'node_modules'));
  const zod = path.resolve(import.meta.dirname, '../../node_modules/zod');
  symlinkSync(zod, path.join(installed, 'node_modules/zod'));
  writeFileSync(path.join(installed, 'package.json'), '{ "type": "module" }');
  mkdirSync(path.join(place.path, 'deep/er'), { recursive: true });
  const { stdout } = withPlugins('@mine/flags', ['list', 'faults'], path.join(place.path, 'deep/er'));
  expect(stdout).toContain('yawn (application): the service yawns');
});

test('one that is not there is refused, and so is a second thing of one name', () => {
  expect(withPlugins('./nowhere', ['list'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('no such folder or installed package: ./nowhere') as unknown,
  });
  using place = temporaryFolder();
  mkdirSync(path.join(place.path, 'faults'));
  writeFileSync(path.join(place.path, 'faults/kill.js'), 'export const definition = {};');
  expect(withPlugins(place.path, ['list', 'faults'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('COMMBENCH_PLUGINS: two are named kill in faults') as unknown,
  });
});
