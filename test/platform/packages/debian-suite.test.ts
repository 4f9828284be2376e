import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import {
  debianMirrorIn,
  keyringOf,
  sourceLine,
  systemRelease,
} from '../../../src/platform/packages/debian-suite.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FORKY = { codename: 'forky', keyrings: ['/nowhere/keys.gpg', import.meta.filename] };

test.each([
  ['http://deb.debian.org/debian/|bookworm|main|amd64', 'http://deb.debian.org/debian/'],
  ['https://mirror.example.org/debian|trixie|main|arm64', 'https://mirror.example.org/debian'],
  // The others may be in front of it.
  [
    'http://deb.debian.org/debian-security/|bookworm-security|main|amd64\n' +
      'http://deb.debian.org/debian/|bookworm-updates|main|amd64\n' +
      'https://download.example.org/linux/debian/|bookworm|stable|amd64\n' +
      'https://apt.example.org/repos/apt/|bookworm|main|amd64\n' +
      'http://deb.debian.org/debian/|bookworm|main|all\n' +
      'http://deb.debian.org/debian/|bookworm|main|amd64',
    'http://deb.debian.org/debian/',
  ],
  ['http://archive.ubuntu.com/ubuntu/|noble|main|amd64', undefined],
  ['file:/srv/debian/|bookworm|main|amd64', undefined],
  ['', undefined],
])('of %j the mirror is %s', (targets, uri) => {
  expect(debianMirrorIn(targets)?.uri).toBe(uri);
});

test("a suite's sources name the mirror, one architecture, and the keys that exist", () => {
  const mirror = debianMirrorIn('http://deb.debian.org/debian/|bookworm|main|arm64')!;
  expect(sourceLine(FORKY, mirror, keyringOf(FORKY)!)).toBe(
    `deb [arch=arm64 signed-by=${import.meta.filename}] http://deb.debian.org/debian/ forky main\n`,
  );
  expect(keyringOf({ codename: 'forky', keyrings: ['/nowhere/keys.gpg'] })).toBeUndefined();
});

test('the release of a system is read from its own description', () => {
  using root = temporaryFolder();
  const file = path.join(root.path, 'os-release');
  const read = (text: string) => {
    writeFileSync(file, text);
    return systemRelease(file);
  };
  expect(read('ID=debian\nVERSION_ID="12"\nVERSION="12 (bookworm)"\nVERSION_CODENAME=bookworm\n')).toEqual({
    id: 'debian',
    version: '12',
    codename: 'bookworm',
  });
  expect(read('ID=debian\nVERSION_CODENAME=forky\n')).toEqual({
    id: 'debian',
    version: undefined,
    codename: 'forky',
  });
  expect(systemRelease('/nowhere')).toEqual({
    id: process.platform,
    version: undefined,
    codename: undefined,
  });
});
