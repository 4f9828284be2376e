import { expect, test } from 'vitest';
import { rabbitRecipes, suiteWanted } from '../../../../src/components/broker/rabbitmq/suites.ts';

const DEBIAN = (codename: string | undefined) => ({ id: 'debian', codename });

function suitesOf(...asked: Parameters<typeof rabbitRecipes>): string[] {
  return rabbitRecipes(...asked).map(({ suite }) => (suite === 'system' ? suite : suite.codename));
}

test.each([
  ['Debian 12', DEBIAN('bookworm'), ['forky', 'trixie', 'system']],
  // Its own release is tried once, as the system's.
  ['Debian 13', DEBIAN('trixie'), ['forky', 'system']],
  ['Debian testing', DEBIAN('forky'), ['system']],
  ['an unknown Debian', DEBIAN(undefined), ['forky', 'trixie', 'system']],
  ['Ubuntu', { id: 'ubuntu', codename: 'noble' }, ['system']],
])('on %s the newest suite comes first, and its own last', (_, release, suites) => {
  expect(suitesOf(release, undefined)).toEqual(suites);
});

test.each(['forky', 'trixie', 'system'])('%s alone, if the user wants it', (wanted) => {
  const asked = suiteWanted({ COMMBENCH_RABBITMQ_SUITE: wanted });
  expect(suitesOf(DEBIAN('bookworm'), asked)).toEqual([wanted]);
  expect(suitesOf({ id: 'ubuntu', codename: 'noble' }, asked)).toEqual([wanted]);
});

test('another name is refused; none is the usual order', () => {
  expect(() => suiteWanted({ COMMBENCH_RABBITMQ_SUITE: 'sid' })).toThrow(
    'Expected one of forky, trixie, system in COMMBENCH_RABBITMQ_SUITE, found sid',
  );
  expect(suiteWanted({})).toBeUndefined();
  expect(suiteWanted({ COMMBENCH_RABBITMQ_SUITE: '' })).toBeUndefined();
});

test("a suite that is not the system's brings its C library, under every name that its packages may have", () => {
  const [newer] = rabbitRecipes(DEBIAN('bookworm'), 'forky');
  const needed = ['erlang-base', 'erlang-crypto', 'rabbitmq-server', 'libc6', 'libgcc-s1', 'libstdc++6'];
  const renamed = ['libssl3', 'libssl3t64', 'libssl4', 'libtinfo6', 'zlib1g', 'libzstd1', 'libsystemd0'];
  expect([...needed, ...renamed].filter((name) => !newer.keep.test(name))).toEqual([]);
  const surplus = ['perl', 'libperl5.40', 'adduser', 'libpam0g', 'libc6-dev', 'socat', 'libssl-dev'];
  expect(surplus.filter((name) => newer.keep.test(name))).toEqual([]);
});
