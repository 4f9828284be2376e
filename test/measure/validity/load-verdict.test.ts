import { describe, expect, it } from 'vitest';
import {
  loadVerdictOf,
  type LoadCounts,
  type LoadEvidence,
} from '../../../src/measure/validity/load-verdict.ts';

const phase = (planned: number, correct = planned, doneInTime = planned, more: Partial<LoadCounts> = {}) => ({
  planned,
  correct,
  doneInTime,
  unconfirmed: 0,
  outcomes: {},
  ...more,
});

const assess = (more: Partial<LoadEvidence> = {}) =>
  loadVerdictOf({
    phases: [phase(1000)],
    beforeFaults: phase(300),
    faults: [],
    isTarget: false,
    hasEffectLog: true,
    backlogAtLastArrival: 3,
    arrivalsInLastSecond: 200,
    peakPerS: 200,
    capacity: { acknowledgedPerS: 5000, donePerS: 4000 },
    ...more,
  });

describe('load without a fault', () => {
  it('is sustained where calls are correct and work keeps up', () => {
    expect(assess()).toEqual({ verdict: 'sustained', detail: 'kept up' });
  });

  it('is saturated with less than 95 % correct', () => {
    expect(assess({ phases: [phase(1000, 950)] }).verdict).toBe('sustained');
    expect(assess({ phases: [phase(1000, 949)] })).toEqual({
      verdict: 'saturated',
      detail: 'correct: 94.9 % (limit 95 %)',
    });
  });

  it('is saturated with less than 95 % done in time, though all was accepted', () => {
    expect(assess({ phases: [phase(1000, 1000, 949)] }).verdict).toBe('saturated');
    expect(assess({ phases: [phase(1000, 1000, 0)], hasEffectLog: false }).verdict).toBe('sustained');
  });

  it("is saturated with more undone at the last arrival than its last second's arrivals", () => {
    expect(assess({ backlogAtLastArrival: 200 }).verdict).toBe('sustained');
    expect(assess({ backlogAtLastArrival: 201 }).verdict).toBe('saturated');
    expect(assess({ backlogAtLastArrival: 20, arrivalsInLastSecond: 1 }).verdict).toBe('sustained');
    expect(assess({ backlogAtLastArrival: 999, hasEffectLog: false }).verdict).toBe('sustained');
  });

  it('is sustained where everything was in time, though the closed-loop probe did not get that far', () => {
    // A target that takes 100 ms: 16 callers reach 156/s, and 200/s arrive without trouble.
    const capacity = { acknowledgedPerS: 156, donePerS: null };
    expect(assess({ capacity, hasEffectLog: false })).toEqual({ verdict: 'sustained', detail: 'kept up' });
  });

  it('names the lower rate of the closed loop where it fell behind above that, if known', () => {
    const behind = { backlogAtLastArrival: 900 };
    const detailAt = (more: Partial<LoadEvidence>) => assess({ ...behind, ...more }).detail.split('; ');
    expect(detailAt({ peakPerS: 4000 })).toHaveLength(1);
    expect(detailAt({ peakPerS: 4001 })).toEqual([
      'backlog of 900 at the last arrival (limit 200)',
      '4001/s is above the 4000/s of its closed loop',
    ]);
    const capacity = { acknowledgedPerS: 5000, donePerS: null };
    expect(detailAt({ peakPerS: 4001, capacity })).toHaveLength(1);
    expect(detailAt({ peakPerS: 4001, capacity: { ...capacity, acknowledgedPerS: null } })).toHaveLength(1);
  });

  it('names every reason', () => {
    const all = assess({ peakPerS: 9000, backlogAtLastArrival: 900, phases: [phase(1000, 900, 800)] });
    expect(all.verdict).toBe('saturated');
    expect(all.detail.split('; ')).toHaveLength(4);
  });
});

describe('load of a target', () => {
  const target = { isTarget: true, hasEffectLog: false };
  const ended = (outcomes: LoadCounts['outcomes'], correct: number) => [
    phase(1000, correct, 0, { outcomes }),
  ];

  it('is failing where calls fail by answers and lost connections, and none is late', () => {
    expect(assess({ ...target, phases: ended({ 'connection-lost': 143 }, 857) })).toEqual({
      verdict: 'failing',
      detail: 'correct: 85.7 % (limit 95 %); connection-lost ×143',
    });
    const outcomes = { error: 40, 'contract-broken': 11, refused: 1 };
    expect(assess({ ...target, phases: ended(outcomes, 948) }).detail).toBe(
      'correct: 94.8 % (limit 95 %); error ×40, contract-broken ×11, refused ×1',
    );
    expect(assess({ ...target, phases: ended({ error: 50 }, 950) }).verdict).toBe('sustained');
  });

  it('is saturated where more than 5 % had no answer in time, whatever else failed', () => {
    expect(assess({ ...target, phases: ended({ error: 300, timeout: 50 }, 650) }).verdict).toBe('failing');
    expect(assess({ ...target, phases: ended({ error: 300, timeout: 51 }, 649) }).verdict).toBe('saturated');
    // Answered, and too late to be correct.
    expect(assess({ ...target, phases: ended({ ok: 700, error: 300 }, 649) }).verdict).toBe('saturated');
  });

  it('is saturated where its completed work fell behind, and failing where what failed was not done', () => {
    const behind = { isTarget: true, hasEffectLog: true };
    const outcomes = { error: 100 };
    expect(assess({ ...behind, phases: [phase(1000, 900, 900, { outcomes })] }).verdict).toBe('failing');
    expect(assess({ ...behind, phases: [phase(1000, 900, 849, { outcomes })] }).verdict).toBe('saturated');
    expect(assess({ ...behind, backlogAtLastArrival: 900 }).verdict).toBe('saturated');
  });

  it('takes what was sent unconfirmed for neither correct nor failed', () => {
    const sent = phase(1000, 0, 0, { unconfirmed: 1000 });
    expect(assess({ ...target, phases: [sent] })).toEqual({ verdict: 'sustained', detail: 'kept up' });
    const some = phase(1000, 0, 0, { unconfirmed: 900, outcomes: { 'connection-lost': 100 } });
    expect(assess({ ...target, phases: [some] }).detail).toBe(
      'correct: 0.0 % (limit 95 %); connection-lost ×100',
    );
    // Completions are seen all the same.
    expect(assess({ isTarget: true, phases: [sent] }).verdict).toBe('saturated');
  });

  it('is failing with a fault where it was so before it', () => {
    const beforeFaults = phase(300, 200, 0, { outcomes: { error: 100 } });
    const found = assess({ ...target, faults: ['reset of target'], beforeFaults });
    expect(found.verdict).toBe('failing');
  });
});

describe('load with a fault', () => {
  const faults = ['kill of service'];

  it('is faulted where calls failed', () => {
    const found = assess({
      faults,
      phases: [phase(500), phase(500, 0, 400)],
      backlogAtLastArrival: 400,
    });
    expect(found).toEqual({
      verdict: 'faulted',
      detail: 'kill of service: 500 of 1000 calls not correct, 100 not done within the deadline',
    });
  });

  it('is faulted where only the work was late', () => {
    expect(assess({ faults, phases: [phase(500), phase(500, 500, 499)] }).verdict).toBe('faulted');
  });

  it('is sustained where nobody noticed', () => {
    expect(assess({ faults }).verdict).toBe('sustained');
  });

  it('is saturated where it was so before the fault', () => {
    const phases = [phase(500, 400), phase(500, 0, 0)];
    expect(assess({ faults, phases, beforeFaults: phase(300, 200) }).verdict).toBe('saturated');
  });

  it('is faulted where only calls that the fault may have struck failed before it', () => {
    // Due in the 33 ms before it was observed: those are in the baseline, and say nothing of its load.
    const phases = [phase(60, 53, 53), phase(500, 0, 0)];
    expect(assess({ faults, phases, beforeFaults: phase(40) }).verdict).toBe('faulted');
  });
});
