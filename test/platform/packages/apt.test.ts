import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { type AptRequest, type AptTools, fetchPackages } from '../../../src/platform/packages/apt.ts';
import { spawnHere } from '../../support/spawn-here.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

/** Programs in apt's place: what they are asked is written down, how they end is chosen. */
function standIn(folder: string, script: string): AptTools {
  const aptGet = path.join(folder, 'apt-get');
  writeFileSync(aptGet, `#!/bin/sh\necho "$@" >> ${folder}/asked\n${script}\n`);
  chmodSync(aptGet, 0o755);
  return { aptGet, dpkgDeb: '/bin/true' };
}

const NAMED = { name: 'thing', title: 'Thing', wanted: 'thing-server' };
const OF_SYSTEM: AptRequest = {
  ...NAMED,
  suite: 'system',
  keep: /^thing-/,
  together: /^thing-/,
  base: /^thing-base$/,
};

interface Asked {
  readonly recipe?: AptRequest;
  readonly signal?: AbortSignal;
}

function request(folder: string, { recipe = OF_SYSTEM, signal = new AbortController().signal }: Asked = {}) {
  const lines: string[] = [];
  mkdirSync(path.join(folder, 'target'));
  const fetch = {
    recipe,
    spawner: spawnHere,
    signal,
    logFolder: folder,
    progress: (line: string) => void lines.push(line),
  };
  return { fetch, lines, target: path.join(folder, 'target') };
}

const CASES = (update: string, install: string, download: string) => `
case "$*" in
  *" indextargets "*) echo "http://deb.example.org/debian/|bookworm|main|amd64";;
  *" update") ${update};;
  *" install thing-server") ${install};;
  *" download "*) ${download};;
esac`;
const MISSING = 'echo "Inst thing-base (1)"; echo "Inst other (1)"; echo "Inst thing-server (1)"';

test('only wanted packages are fetched, and the system is never asked to install', async () => {
  using root = temporaryFolder();
  const { fetch, target } = request(root.path);
  await fetchPackages(standIn(root.path, CASES('true', MISSING, 'true')), target, fetch);
  const asked = readFileSync(path.join(root.path, 'asked'), 'utf8').trim().split('\n');
  expect(asked.at(-1)).toMatch(/ download thing-base thing-server$/);
  expect(asked.filter((line) => line.includes(' install ')).every((line) => line.includes(' -s '))).toBe(
    true,
  );
  expect(asked.every((line) => line.includes(`Dir::State=${target}`))).toBe(true);
  expect(existsSync(path.join(target, '.apt'))).toBe(false);
});

test('where the system has a part already, all of it is fetched all the same', async () => {
  using root = temporaryFolder();
  const { fetch, target } = request(root.path);
  const install = `case "$*" in *status=/dev/null*) ${MISSING};; *) echo "Inst thing-server (1)";; esac`;
  await fetchPackages(standIn(root.path, CASES('true', install, 'true')), target, fetch);
  expect(readFileSync(path.join(root.path, 'asked'), 'utf8')).toMatch(/ download thing-base thing-server$/m);
});

test('lists that can not be read are no failure while the packages come', async () => {
  using root = temporaryFolder();
  const { fetch, target } = request(root.path);
  await fetchPackages(standIn(root.path, CASES('exit 100', MISSING, 'true')), target, fetch);
  expect(readFileSync(path.join(root.path, 'asked'), 'utf8')).toMatch(/ download /);
});

test('without a network the message names the cause and the hint', async () => {
  using root = temporaryFolder();
  const { fetch, target } = request(root.path);
  const update = 'echo "W: Failed to fetch the lists: no route to host"';
  const tools = standIn(root.path, CASES(update, 'echo "E: Unable to locate package"; exit 100', 'true'));
  const failed = fetchPackages(tools, target, fetch);
  await expect(failed).rejects.toThrow(/Unable to locate package.*no route to host/s);
  await expect(failed).rejects.toMatchObject({
    code: 'download-failed',
    exitCode: 6,
    hint: expect.stringContaining('apt-get install thing-server'),
  });
});

test('a disk that fills up is told as that', async () => {
  using root = temporaryFolder();
  const { fetch, target } = request(root.path);
  const download = 'echo "E: write failed (28: No space left on device)"; exit 100';
  const failed = fetchPackages(standIn(root.path, CASES('true', MISSING, download)), target, fetch);
  await expect(failed).rejects.toMatchObject({ code: 'disk-full', exitCode: 6 });
});

test('an abort ends the program that runs, and its cause is kept', async () => {
  using root = temporaryFolder();
  const abort = new AbortController();
  const cause = new Error('interrupted');
  const { fetch, target } = request(root.path, { signal: abort.signal });
  const tools = standIn(root.path, CASES(`echo $$ > ${root.path}/pid; exec sleep 3600`, MISSING, 'true'));
  const failed = fetchPackages(tools, target, fetch);
  const pidFile = path.join(root.path, 'pid');
  const pid = () => (existsSync(pidFile) ? Number(readFileSync(pidFile, 'utf8')) : 0);
  await expect.poll(pid).toBeGreaterThan(0);
  abort.abort(cause);
  await expect(failed).rejects.toBe(cause);
  expect(() => process.kill(pid(), 0)).toThrow('ESRCH');
});

describe('of a newer suite', () => {
  /** @param keyring of the suite; here any file that exists */
  const ofSuite = (keyring: string): AptRequest => ({
    ...NAMED,
    suite: { codename: 'forky', keyrings: ['/nowhere/keys.gpg', keyring] },
    keep: /^(thing-.*|libc6)$/,
  });
  const install = 'echo "Inst thing-base (1)"; echo "Inst libc6 (1)"; echo "Inst perl (1)"';

  test('apt sees that suite alone, at the mirror of the system, on an empty system', async () => {
    using root = temporaryFolder();
    const { fetch, lines, target } = request(root.path, { recipe: ofSuite(import.meta.filename) });
    const update = `cp ${target}/.apt/sources.list ${root.path}/sources`;
    await fetchPackages(standIn(root.path, CASES(update, install, 'true')), target, fetch);
    expect(readFileSync(path.join(root.path, 'sources'), 'utf8')).toBe(
      `deb [arch=amd64 signed-by=${import.meta.filename}] http://deb.example.org/debian/ forky main\n`,
    );
    const [sources, ...asked] = readFileSync(path.join(root.path, 'asked'), 'utf8').trim().split('\n');
    expect(sources).toMatch(/ indextargets /);
    expect(sources).not.toContain('sourcelist');
    for (const setting of [`sourcelist=${target}`, 'sourceparts=/dev/null', 'status=/dev/null']) {
      expect(asked.filter((line) => !line.includes(setting))).toEqual([]);
    }
    expect(asked.some((line) => line.includes('/var/lib/dpkg'))).toBe(false);
    // With its C library, as nothing of the system's is used.
    expect(asked.at(-1)).toMatch(/ download thing-base libc6$/);
    expect(lines).toContain('Thing: reading the package lists of Debian forky');
  });

  test('without a mirror of Debian, or its keys, the message says so', async () => {
    using root = temporaryFolder();
    const { fetch, target } = request(root.path, { recipe: ofSuite(import.meta.filename) });
    const elsewhere = CASES('true', install, 'true').replace('example.org/debian/', 'example.org/ubuntu/');
    const failed = fetchPackages(standIn(root.path, elsewhere), target, fetch);
    await expect(failed).rejects.toMatchObject({
      code: 'download-failed',
      message: "fetching Thing failed: found no mirror of Debian among apt's sources",
    });
    const keyless = { ...fetch, recipe: ofSuite('/nowhere/either.gpg') };
    const tools = standIn(root.path, CASES('true', install, 'true'));
    await expect(fetchPackages(tools, target, keyless)).rejects.toThrow(
      'found none of /nowhere/keys.gpg, /nowhere/either.gpg',
    );
  });
});
