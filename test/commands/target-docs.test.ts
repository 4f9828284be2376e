import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { expect, test } from 'vitest';
import { HOLES } from '../../src/kernel/text-template.ts';
import { commonTargetFields } from '../../src/scenario/targets-schema.ts';
import { loadTransportDefinition, transportNames } from '../../src/transports/discover.ts';
import { fieldLines } from '../support/target-fields.ts';

const PAGE = readFileSync(new URL('../../docs/targets.md', import.meta.url), 'utf8');

/** After a change of a target's fields: put the line that is missing into docs/targets.md. */
test.each(['common', ...transportNames()])(
  'docs/targets.md has every field, as the schema says it: %s',
  async (name) => {
    const settings =
      name === 'common'
        ? z.object(commonTargetFields)
        : (await loadTransportDefinition(name)).target?.settings;
    const lines = settings ? fieldLines(settings) : [];
    expect(PAGE.split('\n')).toEqual(expect.arrayContaining(lines));
  },
);

test('docs/targets.md has every hole', () => {
  const lines = Object.entries(HOLES).map(([hole, text]) => `| \`{{${hole}}}\` | ${text} |`);
  expect(PAGE.split('\n')).toEqual(expect.arrayContaining(lines));
});
