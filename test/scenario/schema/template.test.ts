import { parse } from 'yaml';
import { expect, test } from 'vitest';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';
import { scenarioTemplate } from '../../../src/scenario/schema/template.ts';

test('the template is a scenario, and says every default', () => {
  const text = scenarioTemplate('mine');
  const written = parse(text) as { name: string; title: string; patterns: unknown };
  const { name, title, patterns } = written;
  const least = scenarioSchema.parse({ name, title, patterns });
  expect(scenarioSchema.parse(written)).toEqual(least);
  expect(Object.keys(written)).toEqual(Object.keys(scenarioSchema.shape));
});

test('what is commented out in the template is a scenario, too', () => {
  const text = scenarioTemplate('mine')
    .replaceAll(/^(\w+): null\n(?=# \1:$)/gm, '')
    .replaceAll(/^# (\w+:$| {2})/gm, '$1');
  const taken = { atMs: 3000, forMs: 4000, recoveryMs: 5000, do: 'kill' };
  expect(scenarioSchema.parse(parse(text))).toMatchObject({
    serviceOutage: taken,
    brokerOutage: taken,
    idleBusy: { busyShare: 0.8 },
    wireBytes: { calls: 400 },
  });
});
