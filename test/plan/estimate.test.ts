import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { estimateSeconds } from '../../src/plan/estimate.ts';
import { resolvePatterns } from '../../src/plan/resolve-patterns.ts';
import { specOf } from '../../src/plan/trial-plan.ts';
import { resultSchema } from '../../src/record/record.ts';
import { loadCatalogue } from '../../src/transports/discover.ts';

/** The time that a committed result took, from its first trial to its last, and its estimate; in seconds. */
async function tookAndEstimate(name: string): Promise<{ tookS: number; estimateS: number }> {
  const file = new URL(`../../results/examples/${name}.json`, import.meta.url);
  const { scenario, seed, trials } = resultSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  const patterns = await resolvePatterns(scenario, { patterns: undefined }, await loadCatalogue());
  const specs = trials.map((trial) => {
    const pattern = patterns.find(({ id }) => id === trial.pattern)!;
    const busy = { perS: 1000, note: '' };
    return specOf(trial, { scenario, seed, pattern, ...(trial.kind === 'idle-busy' ? { busy } : {}) });
  });
  const [first, last] = [trials[0]!, trials.at(-1)!];
  const tookMs = Date.parse(last.startedAt) + last.wallMs - Date.parse(first.startedAt);
  return { tookS: tookMs / 1000, estimateS: estimateSeconds(specs) };
}

test.each(['pattern-comparison', 'circuit-breaker', 'cascade'])(
  'the estimate of %s is within 15 %% of what its committed result took',
  async (name) => {
    const { tookS, estimateS } = await tookAndEstimate(name);
    expect(Math.abs(estimateS / tookS - 1)).toBeLessThan(0.15);
  },
);
