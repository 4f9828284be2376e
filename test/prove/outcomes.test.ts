import { check } from '../../src/scenario/rules/check.ts';
import { describe, expect, it } from 'vitest';
import { EXPECTED } from '../../prove/outcomes/expected.ts';
import type { At } from '../../prove/outcomes/outcome.ts';
import { withoutFaults } from '../../prove/outcomes/without-faults.ts';
import { loadCatalogue } from '../../src/transports/discover.ts';
import { timelineOf } from '../../src/plan/kinds/kinds.ts';
import { scenarioNames } from '../../src/scenario/load/catalogue.ts';
import { loadScenario } from '../../src/scenario/load/load.ts';
import type { Scenario } from '../../src/scenario/schema/schema.ts';
import { shopResult } from '../support/faults.ts';

const scenarios = await Promise.all(
  EXPECTED.map(async ({ scenario }) => (await loadScenario(scenario, [])).scenario),
);
const isFaulted = ({ faults, cases }: Scenario) => faults.length + cases.length > 0;

describe('the outcomes that are expected of fault scenarios', () => {
  it('are listed for every one that is shipped', async () => {
    const shipped = await Promise.all(
      (await scenarioNames()).map(async (name) => (await loadScenario(name, [])).scenario),
    );
    const listed = EXPECTED.map(({ scenario }) => scenario);
    expect(listed.toSorted()).toEqual(
      shipped
        .filter(isFaulted)
        .map(({ name }) => name)
        .toSorted(),
    );
  });

  it('speak of lines that the scenarios have, and of each thing once', () => {
    for (const [i, { outcomes }] of EXPECTED.entries()) {
      const { patterns, variants, cases } = scenarios[i]!;
      const isThere = ({ pattern, variant, case: of }: At) =>
        (pattern === undefined || patterns.some(({ id }) => id === pattern)) &&
        (variant === undefined || variants.some(({ id, optional }) => id === variant && !optional)) &&
        (of === undefined || cases.some(({ id }) => id === of));
      for (const { what, at } of outcomes) expect([what, at.every(isThere)]).toEqual([what, true]);
      const said = outcomes.map(({ what, expected }) => `${what} ${expected}`);
      expect(new Set(said).size).toBe(said.length);
    }
  });

  it('are found in no result that has nothing of them', () => {
    const nothing = { ...shopResult(), trials: [], state: 'incomplete' as const };
    for (const { outcomes } of EXPECTED) {
      for (const { at, expected, found } of outcomes)
        if (at.length > 0) expect(found(nothing)).not.toBe(expected);
    }
  });
});

describe('a scenario without its faults', () => {
  it('is a right one, with the same phases and arrivals, in which nothing happens', async () => {
    for (const scenario of scenarios) {
      const still = withoutFaults(scenario);
      expect(await check(still, await loadCatalogue())).toEqual([]);
      for (const { id } of [{ id: null }, ...scenario.cases]) {
        const entry = { kind: 'fault', case: id } as const;
        const [before, after] = [timelineOf(entry, scenario), timelineOf(entry, still)];
        expect(after.phases).toEqual(before.phases);
        const strikes = after.faults.map(
          ({ do: what, options }) => options[what === 'load' ? 'factor' : 'share'],
        );
        expect(strikes).toEqual(after.faults.map(({ do: what }) => (what === 'load' ? 1 : 0)));
        const rates = after.load.shape === 'steps' ? after.load.steps.map(({ ratePerS }) => ratePerS) : [];
        const { load } = scenario;
        expect(rates.every((rate) => load.shape === 'constant' && rate === load.ratePerS)).toBe(true);
      }
    }
  });
});
