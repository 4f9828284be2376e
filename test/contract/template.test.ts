import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const REPOSITORY = path.resolve(import.meta.dirname, '../..');
const COPIED = [
  '.oxlintrc.json',
  'bin',
  'src',
  'test/contract',
  'test/support',
  'package.json',
  'tsconfig.json',
  'vitest.config.ts',
];

/**
 * docs/adding-a-transport.md begins with a copy of the template. Here it stands in a copy of the
 * repository where it is the only transport, and has to pass what every transport has to.
 */
let copy: string;
beforeEach(() => {
  copy = mkdtempSync(path.join(os.tmpdir(), 'commbench-template-'));
  for (const name of COPIED) {
    cpSync(path.join(REPOSITORY, name), path.join(copy, name), { recursive: true, filter: isNoTransport });
  }
  cpSync(path.join(REPOSITORY, 'docs/transport-template'), path.join(copy, 'src/transports/template'), {
    recursive: true,
  });
  const onlyIt = { extends: './tsconfig.json', include: ['src/transports/template'] };
  writeFileSync(path.join(copy, 'tsconfig.template.json'), JSON.stringify(onlyIt));
  symlinkSync(path.join(REPOSITORY, 'node_modules'), path.join(copy, 'node_modules'));
});
afterEach(() => rmSync(copy, { recursive: true }));

/** Takes everything but the folders in src/transports. */
function isNoTransport(file: string): boolean {
  const [folder] = path.relative(path.join(REPOSITORY, 'src/transports'), file).split(path.sep);
  return folder === '..' || folder === '' || ['discover.ts', 'adapter-lines.ts'].includes(folder!);
}

async function run(program: string, args: readonly string[]) {
  const child = spawn(path.join(REPOSITORY, 'node_modules/.bin', program), args, {
    cwd: copy,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, NO_COLOR: '1' },
  });
  const words = Promise.all([text(child.stdout), text(child.stderr)]);
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, words: (await words).join('\n') };
}

describe('the template transport', () => {
  it('compiles', async () => {
    expect(await run('tsc', ['--noEmit', '-p', 'tsconfig.template.json'])).toEqual({ code: 0, words: '\n' });
  });

  it('keeps the rules of the code', async () => {
    const { code, words } = await run('oxlint', ['--type-aware', 'src/transports/template']);
    expect(words).toContain('0 errors');
    expect(code).toBe(0);
  });

  it('passes the contract suite', async () => {
    const { code, words } = await run('vitest', [
      'run',
      '--project',
      'system',
      'test/contract/without-broker',
    ]);
    expect(words).toMatch(/Tests {2}\d\d passed/);
    expect(code).toBe(0);
  });
});
