import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { problemsOfEnd } from '../../prove/leaks/ends.ts';
import { faultsCourse } from '../../prove/leaks/faults-course.ts';
import { patternsCourse } from '../../prove/leaks/patterns-course.ts';
import { type Case, momentMs, planCases } from '../../prove/leaks/plan.ts';
import { timelineOf } from '../../src/plan/kinds/kinds.ts';
import { scenarioSchema } from '../../src/scenario/schema/schema.ts';

const countBy = (cases: readonly Case[], key: 'stage' | 'victim'): number[] =>
  Object.values(Object.groupBy(cases, (one) => one[key])).map((group) => group?.length ?? 0);

describe('the plan of the leak proof', () => {
  const cases = planCases(patternsCourse, 50, 1);

  it('gives each stage at least five kills and each victim at least three', () => {
    expect(countBy(cases, 'stage').length).toBe(8);
    expect(Math.min(...countBy(cases, 'stage'))).toBeGreaterThanOrEqual(5);
    expect(countBy(cases, 'victim').length).toBe(10);
    expect(Math.min(...countBy(cases, 'victim'))).toBeGreaterThanOrEqual(3);
  });

  it('kills only who lives in the stage, and not always at its first beginning', () => {
    expect(
      cases.filter(({ stage, victim }) => !patternsCourse.stages[stage]!.alive.includes(victim)),
    ).toEqual([]);
    const inTrials = cases.filter(({ stage }) => patternsCourse.stages[stage]!.occurrences > 1);
    expect(new Set(inTrials.map(({ occurrence }) => occurrence)).size).toBe(6);
  });

  it('begins the same however many cases follow, so that a proof can be resumed', () => {
    expect(planCases(patternsCourse, 90, 1).slice(0, 50)).toEqual(cases);
    expect(planCases(patternsCourse, 50, 2)).not.toEqual(cases);
  });

  it('draws the moment again, and earlier, where nobody was there', () => {
    for (const one of cases)
      expect(momentMs(patternsCourse, one, 3)).toBeLessThanOrEqual(
        patternsCourse.stages[one.stage]!.lastsMs / 4,
      );
  });
});

describe('the plan of the leak proof for faults', () => {
  const { stages } = faultsCourse;
  const cases = planCases(faultsCourse, 44, 1);

  it('kills whoever owns the children in the midst of each fault, frozen or killed', () => {
    for (const stage of ['link', 'service', 'broker']) {
      const victims = new Set(cases.filter((one) => one.stage === stage).map(({ victim }) => victim));
      expect(victims).toEqual(new Set(stages[stage]!.alive));
    }
    const frozen = cases.filter(({ fault, victim }) => fault === 'freeze' && victim.startsWith('cli'));
    expect(frozen.length).toBeGreaterThanOrEqual(3);
  });

  it('begins a stage at a fault’s own phase, never in the control, which has the cuts of all', () => {
    for (const fault of ['kill', 'freeze'] as const) {
      const scenario = scenarioSchema.parse(parse(faultsCourse.scenario(fault)));
      const linesOf = (kind: 'fault' | 'control', id: string | null) =>
        timelineOf({ kind, case: id }, scenario).phases.map(({ name }) => `  ${name}, 4 s left\n`);
      const inFaults = [...linesOf('fault', 'service'), ...linesOf('fault', 'broker')].join('');
      const inControl = linesOf('control', null).join('');
      for (const stage of ['link', 'service', 'broker']) {
        expect(inFaults.match(stages[stage]!.begins)).toHaveLength(1);
        expect(inControl.match(stages[stage]!.begins)).toBeNull();
      }
    }
  });
});

describe('the end of a killed run', () => {
  const base = { id: 0, seed: 1, occurrence: 1, fault: 'kill' } as const;
  const silent = { textBefore: '', textAfter: '' };
  const reaper = { ...base, stage: 'measuring', victim: 'reaper' } as const;
  const broker = { ...base, stage: 'measuring', victim: 'broker' } as const;

  it('is told apart from any other', () => {
    expect(problemsOfEnd(patternsCourse, reaper, { end: 3, state: 'interrupted', ...silent })).toEqual([]);
    expect(problemsOfEnd(patternsCourse, reaper, { end: 137, state: 'interrupted', ...silent })).toHaveLength(
      1,
    );
    expect(problemsOfEnd(patternsCourse, reaper, { end: 'hung', state: 'running', ...silent })).toHaveLength(
      1,
    );
  });

  it('agrees with the result file, and is no defect', () => {
    expect(problemsOfEnd(patternsCourse, reaper, { end: 3, state: 'complete', ...silent })).toHaveLength(1);
    const textAfter = 'commbench: This is a defect of commbench; ...';
    expect(
      problemsOfEnd(patternsCourse, reaper, { end: 3, state: 'interrupted', textBefore: '', textAfter }),
    ).toHaveLength(1);
  });

  it('is a whole one unless the trial under way used the broker that was killed', () => {
    const rest =
      '3/6 Message queue, no-op baseline: valid, sustained\n4/6 REST, outage: started\n  baseline\n';
    const duringRest = { textBefore: rest, textAfter: '' };
    expect(problemsOfEnd(patternsCourse, broker, { end: 0, state: 'complete', ...duringRest })).toEqual([]);
    expect(
      problemsOfEnd(patternsCourse, broker, { end: 3, state: 'incomplete', ...duringRest }),
    ).toHaveLength(1);
    const duringQueue = { textBefore: `${rest}5/6 Message queue, outage: started\n`, textAfter: '' };
    expect(problemsOfEnd(patternsCourse, broker, { end: 3, state: 'incomplete', ...duringQueue })).toEqual(
      [],
    );
    expect(problemsOfEnd(patternsCourse, broker, { end: 0, state: 'complete', ...duringQueue })).toHaveLength(
      1,
    );
    const starting = { textBefore: 'RabbitMQ 3.10.8: starting\n', textAfter: '' };
    expect(problemsOfEnd(patternsCourse, broker, { end: 3, state: 'incomplete', ...starting })).toEqual([]);
    expect(problemsOfEnd(patternsCourse, broker, { end: 0, state: 'complete', ...starting })).toHaveLength(1);
  });
});
