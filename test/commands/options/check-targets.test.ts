import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { redactUrl } from '../../../src/kernel/redact.ts';
import { writeResult } from '../../../src/record/store.ts';
import { commbench } from '../../support/cli.ts';
import { completeResult } from '../../support/result.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'commbench-targets-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

test.each<[string, string[], string]>([
  ['no such pattern', ['rets=http://127.0.0.1/'], 'found rets. Did you mean rest?'],
  [
    'a pattern that is not run',
    ['rest=http://127.0.0.1/', '--patterns', 'queue'],
    '--target rest: this pattern is not among those of --patterns',
  ],
  [
    'a pattern with a broker',
    ['queue=http://127.0.0.1/'],
    'begins with amqp:// or amqps://, found http://127.0.0.1/',
  ],
  ['a file', ['rest=file:///etc/hostname'], 'begins with http:// or https://, found file:///etc/hostname'],
  [
    'no protocol',
    ['rest=localhost:8080/users'],
    'begins with http:// or https://, found a text of 20 characters',
  ],
  ['another TLS', ['rest=amqps://127.0.0.1/'], 'begins with http:// or https://, found amqps://127.0.0.1/'],
  ['a password', ['rest=http://ana:s3cret@127.0.0.1/'], 'without user and password, found http://***@'],
])('a target that cannot be driven is told before anything is started: %s', (_name, args, message) => {
  const { code, stdout, stderr } = commbench(['run', 'rest-vs-queue', '--target', ...args], { cwd: folder });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
  expect(stderr).not.toContain('s3cret');
  expect(readdirSync(folder)).toEqual([]);
});

test('a URL that was stored without its secret must be given again to replay', () => {
  const stored = redactUrl('http://127.0.0.1:1/users?token=s3cret');
  writeResult(path.join(folder, 'r.json'), { ...completeResult(), options: { targets: { rest: stored } } });
  const { code, stderr } = commbench(['replay', 'r.json'], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toContain(`Expected a complete URL, found ${stored}`);
  expect(stderr).toContain('--target rest=URL');
});
