import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { GENERATED } from './generated/generated-files.ts';

/** `npm run generate`: writes every file, or part of one, that is made from the code; prints which have changed. */
const ROOT = path.resolve(import.meta.dirname, '../..');

for (const { path: name, make } of GENERATED) {
  const file = path.join(ROOT, name);
  const before = readFileSync(file, 'utf8');
  const text = await make(before);
  if (text === before) continue;
  writeFileSync(file, text);
  process.stdout.write(`${name}\n`);
}
