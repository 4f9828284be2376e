import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Failure } from '../../src/kernel/transport.ts';
import { compose, mostAttempts } from '../../src/policies/policies.ts';
import { PRESETS } from '../../src/policies/stacks/presets.ts';
import { policiesOf } from '../../src/scenario/schema/topology-schema.ts';
import { type Answer, systemOf, contextOf, failureOf, messageOf, virtualTime } from './virtual.ts';

/** When the tries of one call that is never answered well began and ended, in ms. */
async function triesOf(preset: string, answer: Answer) {
  const time = virtualTime();
  const system = systemOf(time, () => answer);
  const send = compose(system.send, PRESETS[preset]!.specs, contextOf(time));
  const sent = send(messageOf(3));
  await time.advance(600_000);
  expect(await sent).toMatchObject({ kind: 'failure' });
  return system.seen.map(({ atMs, endedMs }) => [atMs - 1000, endedMs! - 1000] as const);
}

const at = (outcome: Failure['outcome']): Answer => ({ ms: 0, result: failureOf(outcome) });

describe('presets', () => {
  it('guides-rest-retry repeats a POST after 0, 2 and 4 s, and waits 30 s for each', async () => {
    const begins = async (answer: Answer) => (await triesOf('guides-rest-retry', answer)).map(([ms]) => ms);
    expect(messageOf(0).operation).toBe('createUser');
    for (const outcome of ['error', 'refused', 'connection-lost'] as const) {
      expect(await begins(at(outcome))).toEqual([0, 0, 2000, 6000]);
    }
    expect(await begins(null)).toEqual([0, 30_000, 62_000, 96_000]);
  });

  it('istio tries four times, 2 s each, after waits below 25, 50 and 100 ms, and 10 s in all', async () => {
    const tries = await triesOf('istio', null);
    expect(tries).toHaveLength(4);
    for (const [i, [began, ended]] of tries.entries()) {
      expect(ended - began).toBeCloseTo(2000, 6);
      const waited = began - (tries[i - 1]?.[1] ?? 0);
      expect(waited).toBeLessThan(i === 0 ? 1e-6 : 25 * 2 ** (i - 1));
    }
    expect(PRESETS['istio']!.specs[0]).toMatchObject({ policy: 'timeout', ms: 10_000 });
  });

  it('patient goes on for seconds where the others have given up, and not for ever', async () => {
    const tries = await triesOf('patient', at('refused'));
    expect(tries.length).toBeGreaterThan(4);
    expect(tries.length).toBeLessThanOrEqual(mostAttempts(PRESETS['patient']!.specs));
    expect(tries.at(-1)![0]).toBeGreaterThan(3000);
    expect(tries.at(-1)![1]).toBeLessThanOrEqual(30_000);
  });

  it("a name stands for the scenario's own stack, else for the preset, among policies in their order", () => {
    const timeout = { policy: 'timeout', ms: 5 };
    const edge = { policies: ['istio', timeout, 'mine'] };
    const mine = [{ policy: 'none' }];
    expect(policiesOf(edge, { mine })).toEqual([...PRESETS['istio']!.specs, timeout, ...mine]);
    expect(policiesOf({ policies: ['istio'] }, { istio: mine })).toEqual(mine);
  });
});

it('docs/policies.md names every preset, with its title', () => {
  const page = readFileSync(new URL('../../docs/policies.md', import.meta.url), 'utf8');
  for (const [name, { title }] of Object.entries(PRESETS))
    expect(page).toContain(`| \`${name}\` | ${title} |`);
});
