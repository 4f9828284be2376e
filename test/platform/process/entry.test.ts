import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** An entry is named by a path in a string, which neither the compiler nor the linter follows. */
test('every program that a file of src starts is there', () => {
  const entries = globSync('src/**/*.ts').flatMap((file) =>
    [...readFileSync(file, 'utf8').matchAll(/entryFile\(import\.meta\.url, '([^']+)'\)/g)].map(([, entry]) =>
      path.join(path.dirname(file), `${entry}.ts`),
    ),
  );
  expect(entries.length).toBeGreaterThan(5);
  expect(entries.filter((file) => !existsSync(file))).toEqual([]);
});
