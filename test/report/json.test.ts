import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { schemaText } from '../../src/commands/schema.ts';

test('docs/report.schema.json is what `commbench schema result` prints', async () => {
  // After a change of the schema: commbench schema result > docs/report.schema.json
  const published = readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8');
  expect(published).toBe(await schemaText('result'));
});
