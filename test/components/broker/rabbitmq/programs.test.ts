import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, realpathSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  byPlainPaths,
  corePlugins,
  unpackedPrograms,
  writeErl,
} from '../../../../src/components/broker/rabbitmq/programs.ts';
import { temporaryFolder } from '../../../support/temporary-folder.ts';

const HOME = 'root/usr/lib/rabbitmq/lib/rabbitmq_server-4.3.6';
const ERTS = 'root/usr/lib/erlang/erts-17.0.1/bin';

function writeFiles(folder: string, files: Readonly<Record<string, string>>): void {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
}

const PROGRAMS = {
  [`${HOME}/sbin/rabbitmq-server`]: '',
  [`${HOME}/sbin/rabbitmq-env`]: '',
  [`${HOME}/plugins/rabbit-4.3.6/ebin/rabbit.app`]: '{application, rabbit, [{applications, [kernel, ra]}]}.',
  [`${ERTS}/epmd`]: '',
  [`${ERTS}/erlexec`]: '#!/bin/sh\necho erlexec "$@"\n',
};

test('the broker is itself and what it needs, by its application files; other plugins are left out', () => {
  using root = temporaryFolder();
  writeFiles(root.path, {
    'rabbit-4.3.6/ebin/rabbit.app':
      '{application, rabbit, [{applications, [kernel,\n  stdlib, rabbit_common, ra]}]}.',
    'rabbit_common-4.3.6/ebin/rabbit_common.app': '{application, rabbit_common, [{applications,[kernel]}]}.',
    'ra-2.2.0/ebin/ra.app': '{application, ra, [{applications, [aten, rabbit_common]}]}.',
    'aten-0.5.8/ebin/aten.app': '{application, aten, [{applications, []}]}.',
    'rabbitmq_management-4.3.6/ebin/rabbitmq_management.app': '{application, x, [{applications, [rabbit]}]}.',
    README: '',
  });
  expect(corePlugins(root.path).toSorted()).toEqual([
    'aten-0.5.8',
    'ra-2.2.0',
    'rabbit-4.3.6',
    'rabbit_common-4.3.6',
  ]);
});

test('unpacked programs are found with their version, and their `erl` becomes the Erlang of its variables', () => {
  using root = temporaryFolder();
  writeFiles(root.path, PROGRAMS);
  chmodSync(path.join(root.path, ERTS, 'erlexec'), 0o755);
  writeErl(root.path);
  const found = unpackedPrograms(root.path)!;
  expect(found.version).toBe('4.3.6');
  expect(found.server).toBe(path.join(root.path, HOME, 'sbin/rabbitmq-server'));
  expect(found.env['BINDIR']).toBe(path.join(root.path, ERTS));
  const [first] = found.env['PATH']!.split(':');
  const erl = path.join(first!, 'erl');
  expect(execFileSync(erl, ['one', 'two'], { env: found.env, encoding: 'utf8' })).toBe('erlexec one two\n');
});

test('programs in a folder whose path their scripts would take apart are called by a link', () => {
  using place = temporaryFolder();
  const folder = path.join(place.path, 'My files: (1)');
  writeFiles(folder, PROGRAMS);
  const found = unpackedPrograms(folder)!;
  const plain = byPlainPaths(found, place.path);
  const paths = [plain.server, plain.epmd, plain.plugins, plain.env['ROOTDIR'], plain.env['BINDIR']];
  for (const one of paths) expect(one).toMatch(/^[\w./+@-]+$/);
  expect(realpathSync(plain.server)).toBe(realpathSync(found.server));
  // A plain path stays as it is.
  writeFiles(place.path, PROGRAMS);
  const there = unpackedPrograms(place.path)!;
  expect(byPlainPaths(there, place.path)).toBe(there);
});

test('programs with a C library of their own get no path to libraries, which the shell would load too', () => {
  using root = temporaryFolder();
  writeFiles(root.path, { ...PROGRAMS, 'root/usr/lib/x86_64-linux-gnu/libz.so.1': '' });
  expect(unpackedPrograms(root.path)!.env['LD_LIBRARY_PATH']).toMatch(/x86_64-linux-gnu$/);
  mkdirSync(path.join(root.path, 'loaders'));
  expect(unpackedPrograms(root.path)!.env).not.toHaveProperty('LD_LIBRARY_PATH');
});

test.each(Object.keys(PROGRAMS).filter((name) => !name.endsWith('erlexec')))(
  'without %s there are no programs',
  (gone) => {
    using root = temporaryFolder();
    writeFiles(root.path, Object.fromEntries(Object.entries(PROGRAMS).filter(([name]) => name !== gone)));
    expect(unpackedPrograms(root.path)).toBeUndefined();
  },
);
