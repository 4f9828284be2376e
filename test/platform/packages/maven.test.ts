import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { mavenUrl } from '../../../src/platform/packages/maven.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const CENTRAL = 'https://repo.maven.apache.org/maven2';

function urlWith(mirrors: string): string {
  using root = temporaryFolder();
  const file = path.join(root.path, 'settings.xml');
  writeFileSync(file, `<settings><mirrors>${mirrors}</mirrors></settings>`);
  return mavenUrl({}, file);
}

function mirror(of: string, url = 'https://mirror.example/maven/'): string {
  return `<mirror><id>m</id>\n <mirrorOf>${of}</mirrorOf>\n <url> ${url} </url></mirror>`;
}

test('without settings it is the repository itself', () => {
  expect(mavenUrl({}, '/nowhere/settings.xml')).toBe(CENTRAL);
});

test.each(['central', '*', 'external:*', 'jcenter, central', '*,!internal'])(
  'a mirror of %s is used, without the slash at its end',
  (of) => {
    expect(urlWith(mirror(of))).toBe('https://mirror.example/maven');
  },
);

test.each([
  ['of another repository', mirror('jcenter')],
  ['of all but this one', mirror('*,!central')],
  ['in a comment', `<!-- ${mirror('central')} -->`],
  ['without a URL', mirror('central', 'my mirror')],
])('a mirror %s is not', (_what, xml) => {
  expect(urlWith(xml)).toBe(CENTRAL);
});

test('the variable is the first word; what is no URL is refused', () => {
  const given = { COMMBENCH_MAVEN_URL: 'http://127.0.0.1:8081/central//' };
  expect(mavenUrl(given)).toBe('http://127.0.0.1:8081/central');
  expect(() => mavenUrl({ COMMBENCH_MAVEN_URL: 'mirror' })).toThrow(/Expected a URL https/);
});
