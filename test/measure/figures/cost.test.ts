import { describe, expect, it } from 'vitest';
import { cpuNsIn, cpuUsPerArrival } from '../../../src/measure/figures/cost.ts';

const span = (lengthNs: number, usedNs: number | undefined, before = 5e9) => ({
  from: { atNs: 1e12, cpuNs: before },
  to: { atNs: 1e12 + lengthNs, cpuNs: usedNs === undefined ? undefined : before + usedNs },
});

describe('CPU per arrival', () => {
  it('is the use in the measured span over all planned arrivals', () => {
    expect(cpuUsPerArrival(span(3e9, 0.6e9), 600)).toBe(1000);
  });

  it('has the idle use of the same length subtracted', () => {
    expect(cpuUsPerArrival(span(3e9, 0.6e9), 600, span(1e9, 0.05e9))).toBeCloseTo(750, 9);
  });

  it('is zero, not negative, where idling used as much', () => {
    expect(cpuUsPerArrival(span(3e9, 0.1e9), 600, span(1e9, 0.05e9))).toBe(0);
  });

  it.each([
    { name: 'unreadable', measured: span(3e9, undefined) },
    { name: 'of a process that took the place of another', measured: span(3e9, -1) },
    { name: 'idle use unreadable', measured: span(3e9, 1e9), idle: span(1e9, undefined) },
    { name: 'idle span empty', measured: span(3e9, 1e9), idle: span(0, 0) },
    { name: 'without arrivals', measured: span(3e9, 1e9), arrivals: 0 },
  ])('is unknown: $name', ({ measured, idle, arrivals = 600 }) => {
    expect(cpuUsPerArrival(measured, arrivals, idle)).toBeNull();
  });

  it('of a span is the difference of its ends', () => expect(cpuNsIn(span(1e9, 7))).toBe(7));
});
