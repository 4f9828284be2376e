import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, test } from 'vitest';
import { downloadFiles, type LockedFile } from '../../../src/platform/packages/download.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const CONTENTS = Object.fromEntries(
  ['a', 'b', 'c'].map((name) => [`/deep/${name}.jar`, `content of ${name}`]),
);
const FILES: readonly LockedFile[] = Object.entries(CONTENTS).map(([url, content]) => ({
  path: url.slice(1),
  sha256: createHash('sha256').update(content).digest('hex'),
  bytes: content.length,
}));
const NAMES = ['a.jar', 'b.jar', 'c.jar'];

const plain: RequestListener = (request, response) => response.end(CONTENTS[request.url!]);

/** A repository on loopback that counts what it is asked for. */
async function openRepository(answer: RequestListener = plain) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(path.basename(request.url!));
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    asked,
    download: {
      title: 'Thing',
      baseUrl,
      hint: 'look there',
      signal: new AbortController().signal,
      progress: () => undefined,
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('every file is brought; a second time nothing is asked for', async () => {
  using root = temporaryFolder();
  await using repository = await openRepository();
  await downloadFiles(FILES, root.path, repository.download);
  expect(readdirSync(root.path).toSorted()).toEqual(NAMES);
  expect(readFileSync(path.join(root.path, 'b.jar'), 'utf8')).toBe('content of b');
  expect(repository.asked.toSorted()).toEqual(NAMES);
  await downloadFiles(FILES, root.path, repository.download);
  expect(repository.asked).toHaveLength(3);
});

test('a file that is of the right size and yet another one is brought anew', async () => {
  using root = temporaryFolder();
  await using repository = await openRepository();
  await downloadFiles(FILES, root.path, repository.download);
  writeFileSync(path.join(root.path, 'c.jar'), 'CONTENT OF C');
  await downloadFiles(FILES, root.path, repository.download);
  expect(repository.asked.slice(3)).toEqual(['c.jar']);
  expect(readFileSync(path.join(root.path, 'c.jar'), 'utf8')).toBe('content of c');
});

test('interrupted: what is whole stays, and the next time only the rest is asked for', async () => {
  using root = temporaryFolder();
  const controller = new AbortController();
  const cause = new Error('interrupted');
  await using repository = await openRepository((request, response) => {
    if (request.url !== '/deep/b.jar') return plain(request, response);
    response.writeHead(200, { 'content-length': 12 });
    response.write('conte');
    return undefined;
  });
  const first = downloadFiles(FILES, root.path, { ...repository.download, signal: controller.signal });
  await expect
    .poll(() => NAMES.filter((name) => readdirSync(root.path).includes(name)))
    .toEqual(['a.jar', 'c.jar']);
  controller.abort(cause);
  await expect(first).rejects.toBe(cause);
  expect(readdirSync(root.path).toSorted()).toEqual(['a.jar', 'c.jar']);

  await using again = await openRepository();
  await downloadFiles(FILES, root.path, again.download);
  expect(again.asked).toEqual(['b.jar']);
});

test('an answer that is not the file locked is no file, and is not asked for again', async () => {
  using root = temporaryFolder();
  await using repository = await openRepository((request, response) =>
    request.url === '/deep/b.jar' ? response.end('CONTENT OF B') : plain(request, response),
  );
  const failed = downloadFiles(FILES, root.path, repository.download);
  await expect(failed).rejects.toMatchObject({
    code: 'download-failed',
    message: expect.stringMatching(/b\.jar: expected sha256 \w{64}, found \w{64}$/),
    hint: 'look there',
  });
  expect(repository.asked.filter((name) => name === 'b.jar')).toHaveLength(1);
  expect(readdirSync(root.path)).not.toContain('b.jar');
});

test('a longer answer is cut off, not kept', async () => {
  using root = temporaryFolder();
  await using repository = await openRepository((_request, response) => response.end('x'.repeat(100)));
  await expect(downloadFiles(FILES.slice(0, 1), root.path, repository.download)).rejects.toThrow(
    'expected 12 bytes, found more',
  );
  expect(readdirSync(root.path)).toEqual([]);
});

test.each([
  ['answers 503', (_: unknown, response: Parameters<RequestListener>[1]) => response.writeHead(503).end()],
  ['breaks off', (_: unknown, response: Parameters<RequestListener>[1]) => response.destroy()],
])('a repository that %s twice is asked a third time', async (_what, trouble) => {
  using root = temporaryFolder();
  let troubles = 0;
  await using repository = await openRepository((request, response) =>
    ++troubles <= 2 ? trouble(request, response) : plain(request, response),
  );
  await downloadFiles(FILES.slice(0, 1), root.path, repository.download);
  expect(repository.asked).toHaveLength(3);
  expect(readdirSync(root.path)).toEqual(['a.jar']);
});

test('a file that the repository has not is one clear message, without the password of its URL', async () => {
  using root = temporaryFolder();
  await using repository = await openRepository((_request, response) => response.writeHead(404).end());
  const baseUrl = repository.download.baseUrl.replace('//', '//ana:s3cret@');
  const failed = downloadFiles(FILES.slice(0, 1), root.path, { ...repository.download, baseUrl });
  await expect(failed).rejects.toThrow(
    /^fetching Thing failed: http:\/\/\*\*\*@.*\/deep\/a\.jar: expected status 200, found 404$/,
  );
  expect(repository.asked).toHaveLength(1);
});
