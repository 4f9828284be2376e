import { describe, expect, it } from 'vitest';
import { problemsOfEnd } from '../../prove/leaks/ends.ts';
import { type Case, momentMs, planCases, STAGE_PLAN } from '../../prove/leaks/plan.ts';

const countBy = (cases: readonly Case[], key: 'stage' | 'victim'): number[] =>
  Object.values(Object.groupBy(cases, (one) => one[key])).map((group) => group?.length ?? 0);

describe('the plan of the leak proof', () => {
  const cases = planCases(50, 1);

  it('gives each stage at least five kills and each victim at least three', () => {
    expect(countBy(cases, 'stage').length).toBe(8);
    expect(Math.min(...countBy(cases, 'stage'))).toBeGreaterThanOrEqual(5);
    expect(countBy(cases, 'victim').length).toBe(10);
    expect(Math.min(...countBy(cases, 'victim'))).toBeGreaterThanOrEqual(3);
  });

  it('kills only who lives in the stage, and not always at its first beginning', () => {
    expect(cases.filter(({ stage, victim }) => !STAGE_PLAN[stage].alive.includes(victim))).toEqual([]);
    const inTrials = cases.filter(({ stage }) => STAGE_PLAN[stage].occurrences > 1);
    expect(new Set(inTrials.map(({ occurrence }) => occurrence)).size).toBe(6);
  });

  it('begins the same however many cases follow, so that a proof can be resumed', () => {
    expect(planCases(90, 1).slice(0, 50)).toEqual(cases);
    expect(planCases(50, 2)).not.toEqual(cases);
  });

  it('draws the moment again, and earlier, where nobody was there', () => {
    for (const one of cases) expect(momentMs(one, 3)).toBeLessThanOrEqual(STAGE_PLAN[one.stage].lastsMs / 4);
  });
});

describe('the end of a killed run', () => {
  const base = { id: 0, seed: 1, occurrence: 1, fault: 'kill' } as const;
  const silent = { textBefore: '', textAfter: '' };
  const reaper = { ...base, stage: 'measuring', victim: 'reaper' } as const;
  const broker = { ...base, stage: 'measuring', victim: 'broker' } as const;

  it('is told apart from any other', () => {
    expect(problemsOfEnd(reaper, { end: 3, state: 'interrupted', ...silent })).toEqual([]);
    expect(problemsOfEnd(reaper, { end: 137, state: 'interrupted', ...silent })).toHaveLength(1);
    expect(problemsOfEnd(reaper, { end: 'hung', state: 'running', ...silent })).toHaveLength(1);
  });

  it('agrees with the result file, and is no defect', () => {
    expect(problemsOfEnd(reaper, { end: 3, state: 'complete', ...silent })).toHaveLength(1);
    const textAfter = 'commbench: This is a defect of commbench; ...';
    expect(problemsOfEnd(reaper, { end: 3, state: 'interrupted', textBefore: '', textAfter })).toHaveLength(
      1,
    );
  });

  it('is a whole one unless the trial under way used the broker that was killed', () => {
    const rest = '3/6 Message queue, floor: valid, sustained\n4/6 REST, outage: started\n  baseline\n';
    const duringRest = { textBefore: rest, textAfter: '' };
    expect(problemsOfEnd(broker, { end: 0, state: 'complete', ...duringRest })).toEqual([]);
    expect(problemsOfEnd(broker, { end: 3, state: 'incomplete', ...duringRest })).toHaveLength(1);
    const duringQueue = { textBefore: `${rest}5/6 Message queue, outage: started\n`, textAfter: '' };
    expect(problemsOfEnd(broker, { end: 3, state: 'incomplete', ...duringQueue })).toEqual([]);
    expect(problemsOfEnd(broker, { end: 0, state: 'complete', ...duringQueue })).toHaveLength(1);
    const starting = { textBefore: 'RabbitMQ 3.10.8: starting\n', textAfter: '' };
    expect(problemsOfEnd(broker, { end: 3, state: 'incomplete', ...starting })).toEqual([]);
    expect(problemsOfEnd(broker, { end: 0, state: 'complete', ...starting })).toHaveLength(1);
  });
});
