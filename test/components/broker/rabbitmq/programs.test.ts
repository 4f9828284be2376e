import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  corePlugins,
  linkErl,
  unpackedPrograms,
} from '../../../../src/components/broker/rabbitmq/programs.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const HOME = 'root/usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8';
const ERTS = 'root/usr/lib/erlang/erts-13.1.5/bin';

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
}

const PROGRAMS = {
  [`${HOME}/sbin/rabbitmq-server`]: '',
  [`${HOME}/sbin/rabbitmq-env`]: '',
  [`${HOME}/plugins/rabbit-3.10.8/ebin/rabbit.app`]: '{application, rabbit, [{applications, [kernel, ra]}]}.',
  [`${ERTS}/epmd`]: '',
  [`${ERTS}/erlexec`]: 'the real one',
};

test('the broker is itself and what it needs, by its application files; other plugins are left out', () => {
  using root = temporaryFolder();
  writeFiles(root.path, {
    'rabbit-3.10.8/ebin/rabbit.app':
      '{application, rabbit, [{applications, [kernel,\n  stdlib, rabbit_common, ra]}]}.',
    'rabbit_common-3.10.8/ebin/rabbit_common.app': '{application, rabbit_common, [{applications,[kernel]}]}.',
    'ra-2.2.0/ebin/ra.app': '{application, ra, [{applications, [aten, rabbit_common]}]}.',
    'aten-0.5.8/ebin/aten.app': '{application, aten, [{applications, []}]}.',
    'rabbitmq_management-3.10.8/ebin/rabbitmq_management.app':
      '{application, x, [{applications, [rabbit]}]}.',
    README: '',
  });
  expect(corePlugins(root.path).toSorted()).toEqual([
    'aten-0.5.8',
    'ra-2.2.0',
    'rabbit-3.10.8',
    'rabbit_common-3.10.8',
  ]);
});

test('unpacked programs are found with their version, and Erlang by a link that can be moved with them', () => {
  using root = temporaryFolder();
  writeFiles(root.path, PROGRAMS);
  linkErl(root.path);
  const found = unpackedPrograms(root.path)!;
  expect(found.version).toBe('3.10.8');
  expect(found.server).toBe(path.join(root.path, HOME, 'sbin/rabbitmq-server'));
  expect(found.env['BINDIR']).toBe(path.join(root.path, ERTS));
  expect(readFileSync(path.join(root.path, 'bin/erl'), 'utf8')).toBe('the real one');
});

test.each(Object.keys(PROGRAMS).filter((name) => !name.endsWith('erlexec')))(
  'without %s there are no programs',
  (gone) => {
    using root = temporaryFolder();
    writeFiles(root.path, Object.fromEntries(Object.entries(PROGRAMS).filter(([name]) => name !== gone)));
    expect(unpackedPrograms(root.path)).toBeUndefined();
  },
);
