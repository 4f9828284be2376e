import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { liveScenario, recordedScenario, scenarioText } from '../../../src/experiments/live/recorded.ts';
import { faultTimeline } from '../../../src/plan/kinds/timeline/fault-phases.ts';
import type { PlannedFault } from '../../../src/plan/kinds/timeline/timeline.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { scenarioSchema } from '../../../src/scenario/schema/schema.ts';

const { scenario: shipped } = await loadScenario('circuit-breaker', []);
const base = { ...liveScenario({ ...shipped, variants: [] }, 'rest'), durationMs: 300_000 };

const played: PlannedFault[] = [
  { id: 'kill', do: 'kill', on: 'payments', atMs: 2013, forMs: 1500, options: {} },
  { id: 'load', do: 'load', on: '', atMs: 4000, forMs: 500, options: { factor: 3 } },
  { id: 'load-2', do: 'load', on: '', atMs: 4500, forMs: 700, options: { factor: 0.5 } },
  { id: 'policies', do: 'policies', on: 'pay', atMs: 5000, forMs: 3000, options: { use: ['breaker'] } },
  { id: 'kill-2', do: 'kill', on: 'payments', atMs: 6000, forMs: 500, options: {} },
  { id: 'latency', do: 'latency', on: 'payments', atMs: 6000, forMs: 800, options: { ms: 500, share: 0.5 } },
];

describe('the scenario of a session', () => {
  const recorded = recordedScenario(base, { faults: played, durationMs: 20_000 });

  it('plans the faults that were played: instants, targets, options, and ids, by which messages are drawn', () => {
    const { faults, durationMs, load } = faultTimeline(recorded, null);
    expect(durationMs).toBe(20_000);
    expect(faults).toMatchObject(played.map((fault) => (fault.on === '' ? { ...fault, on: 'shop' } : fault)));
    expect(load).toEqual({
      shape: 'steps',
      steps: [
        { ratePerS: 200, forMs: 4000 },
        { ratePerS: 600, forMs: 500 },
        { ratePerS: 100, forMs: 700 },
        { ratePerS: 200, forMs: 14_800 },
      ],
    });
  });

  it('is the same after it was written and read', () => {
    const text = scenarioText(recorded, ['made by a test']);
    expect(scenarioSchema.parse(parse(text))).toEqual(recorded);
    expect(text).not.toMatch(/wireBytes|brokerOutage|thresholds/);
  });

  it('watches a recovery only where there was time for one', () => {
    expect(recorded.watchRecovery).toBe(true);
    expect(recordedScenario(base, { faults: played, durationMs: 9000 }).watchRecovery).toBe(false);
  });

  it('is one without faults where nothing was done', () => {
    const idle = recordedScenario(base, { faults: [], durationMs: 3000 });
    expect(idle).toMatchObject({ faults: [], endpoints: [], durationMs: 3000, rounds: 1 });
  });

  it('is no phase where only policies were switched', () => {
    const names = faultTimeline(recorded, null).phases.map(({ name }) => name);
    expect(names.filter((name) => name.includes('policies'))).toEqual([]);
    expect(names.at(-1)).toBe('recovery');
  });
});
