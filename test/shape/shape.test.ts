import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { expect, it } from 'vitest';

it('prints each broken rule with its place, then the figures, and ends with 1', () => {
  const fixture = path.join(import.meta.dirname, 'fixtures/import-cycles/fails');
  const { status, stdout } = shape(fixture);
  expect(status).toBe(1);
  expect(stdout).toContain(
    'src/trial/lazy.ts:1: import-cycles: src/trial/lazy.ts → src/trial/loaded.ts → src/trial/lazy.ts\n',
  );
  expect(stdout).toContain('src: 18 lines in 6 files; 1 functions: p50 1, p90 1, longest 1 lines');
});

function shape(root: string) {
  const script = path.join(import.meta.dirname, 'shape.ts');
  return spawnSync(process.execPath, [script, root], { encoding: 'utf8' });
}
