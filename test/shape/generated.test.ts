import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { GENERATED } from './generated/generated-files.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');

it.each(GENERATED)('$path is what the code gives', async ({ path: name, make }) => {
  const text = readFileSync(path.join(ROOT, name), 'utf8');
  expect(text, `${name} is not what the code gives: run npm run generate`).toBe(await make(text));
});
