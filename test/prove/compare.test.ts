import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { holds, type Simulated } from '../../prove/compare.ts';
import { CELLS, MARGIN } from '../../prove/compare/cells.ts';
import { upperBound } from '../../prove/compare/clopper-pearson.ts';
import { paired, switchback } from '../../prove/compare/simulate.ts';
import { WORLDS } from '../../prove/compare/worlds.ts';

const FILE = path.resolve(import.meta.dirname, '../../docs/evidence/compare-simulated.json');
const { simulated } = JSON.parse(readFileSync(FILE, 'utf8')) as { simulated: Simulated[] };

describe('the upper bound of Clopper and Pearson', () => {
  it('is that of closed forms and tables', () => {
    for (const of of [1, 20, 2000]) expect(upperBound(0, of)).toBeCloseTo(1 - 0.05 ** (1 / of), 9);
    expect(upperBound(19, 20)).toBeCloseTo(0.95 ** (1 / 20), 9);
    expect(upperBound(20, 20)).toBe(1);
    // Of ten, two seen: 0.507 (Hahn & Meeker 1991, table A.23).
    expect(upperBound(2, 10)).toBeCloseTo(0.507, 3);
  });
});

describe('what was simulated', () => {
  it('is all that there is to simulate, 2,000 times each, and holds', () => {
    expect(simulated.map(({ name, times }) => [name, times])).toEqual(
      CELLS.map(({ name, times }) => [name, times]),
    );
    for (const one of simulated)
      expect([one.name, one.comparisons, holds(one)]).toEqual([one.name, 2000, true]);
  });

  it('would not hold if the gate erred more often, or a wrong one did not', () => {
    const bounded = (count: number) => ({ count, share: count / 2000, upper: upperBound(count, 2000) });
    const one = { ...simulated[0]!, falseEquivalent: null, falseRegressed: bounded(84) };
    expect(holds(one)).toBe(false);
    expect(holds({ ...one, falseRegressed: bounded(80) })).toBe(true);
    expect(holds({ ...one, isControl: true, falseRegressed: bounded(80) })).toBe(false);
    expect(holds({ ...one, isControl: true, falseRegressed: bounded(200) })).toBe(true);
  });

  it('is the same whenever it is simulated again', () => {
    const setting = { seed: 7, margin: MARGIN, change: Math.log(1.1) };
    for (const world of WORLDS) {
      expect(paired(world, setting)).toEqual(paired(world, setting));
      expect(switchback(world, setting)).toEqual(switchback(world, setting));
    }
  });
});
