import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { z } from 'zod';
import { expect, test } from 'vitest';
import { loadCatalogue } from '../../../src/transports/discover.ts';
import { HOLES } from '../../../src/kernel/text-template.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { operationFields, stepFields } from '../../../src/scenario/schema/target-requests.ts';
import { commonTargetFields } from '../../../src/scenario/schema/targets-schema.ts';
import { loadTransportDefinition, transportNames } from '../../../src/transports/discover.ts';
import { fieldLines } from '../../support/target-fields.ts';

const PAGE = readFileSync(new URL('../../../docs/targets.md', import.meta.url), 'utf8');

test('the scenario that docs/targets.md begins with is one', async () => {
  const file = path.join(mkdtempSync(path.join(os.tmpdir(), 'commbench-docs-')), 's.yaml');
  writeFileSync(file, /^```yaml\n(.*?)^```$/ms.exec(PAGE)![1]!);
  const { scenario } = await loadScenario(file, [], await loadCatalogue()).finally(() => {
    rmSync(path.dirname(file), { recursive: true });
  });
  expect(Object.keys(scenario.targets)).toEqual(['orders']);
});

/** After a change of a target's fields: put the line that is missing into docs/targets.md. */
test.each(['common', 'operation', 'step', ...transportNames()])(
  'docs/targets.md has every field, as the schema says it: %s',
  async (name) => {
    const known: Readonly<Record<string, z.ZodRawShape>> = {
      common: commonTargetFields,
      operation: operationFields,
      step: stepFields,
    };
    const settings = known[name]
      ? z.object(known[name])
      : (await loadTransportDefinition(name)).target?.settings;
    const lines = settings ? fieldLines(settings) : [];
    expect(PAGE.split('\n')).toEqual(expect.arrayContaining(lines));
  },
);

test('docs/targets.md has every hole', () => {
  const lines = Object.entries(HOLES).map(([hole, text]) => `| \`{{${hole}}}\` | ${text} |`);
  expect(PAGE.split('\n')).toEqual(expect.arrayContaining(lines));
});
