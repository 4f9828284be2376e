import { describe, expect, test } from 'vitest';
import { noiseOf } from '../../../prove/compare/noise.ts';
import { cpuOf, wholeCpuUs } from '../../../src/analysis/patterns/cpu.ts';
import { cpuSlopeOf } from '../../../src/analysis/patterns/cpu-slope.ts';
import { patternResults } from '../../../src/analysis/patterns/pattern-result.ts';
import type { Result, Trial } from '../../../src/record/record.ts';
import { viewOf } from '../../../src/report/view-of.ts';
import { latencyTrial, REST, resultOf, trialOf } from '../../support/result.ts';

/** Cores that are used whatever the rate, and CPU of a request. */
interface Truth {
  readonly cores: number;
  readonly us: number;
}

const SERVICE: Truth = { cores: 0.08, us: 280 };
const CALLER: Truth = { cores: 0.12, us: 200 };

interface Ran {
  readonly calls: number;
  readonly spanS: number;
  /** Factor by which this trial's CPU differs. */
  readonly off: number;
}

function trialWith(place: Pick<Trial, 'id' | 'round' | 'kind'>, { calls, spanS, off }: Ran): Trial {
  // The load itself is shorter than the span in which CPU is sampled: before and after it there is silence.
  const perRequest = ({ cores, us }: Truth, seconds: number) => off * ((cores * seconds * 1e6) / calls + us);
  const trial = trialOf({ ...place, pattern: 'rest' });
  return {
    ...trial,
    planned: calls,
    cost: {
      ...trial.cost,
      callerUs: perRequest(CALLER, spanS - 0.3),
      serviceUs: perRequest(SERVICE, spanS),
      spans: { callerNs: (spanS - 0.3) * 1e9, othersNs: spanS * 1e9, brokerIdleCores: null },
    },
  };
}

function resultWith(off: (id: number) => number = () => 1): Result {
  const rounds = [1, 2, 3, 4, 5].map((round) =>
    trialWith({ id: round, round, kind: 'latency' }, { calls: 600, spanS: 3.45, off: off(round) }),
  );
  const busy = trialWith({ id: 6, round: 6, kind: 'idle-busy' }, { calls: 9000, spanS: 8.6, off: off(6) });
  return resultOf([REST], [...rounds, busy]);
}

const restOf = (result: Result) => patternResults(result)[0]!;

describe('CPU of a request', () => {
  const result = resultWith();
  const slope = cpuSlopeOf(restOf(result), 'serviceUs')!;

  test('is the slope between two rates: what is used whatever the rate is no part of it', () => {
    expect(slope.us).toBeCloseTo(SERVICE.us, 6);
    expect(slope.fixedCores).toBeCloseTo(SERVICE.cores, 9);
    expect(slope.rates.map(Math.round)).toEqual([174, 1047]);
    expect(cpuOf(restOf(result), 'serviceUs')!.us).toBeCloseTo(280 + (0.08 * 3.45e6) / 600, 6);
  });

  test('of each role over the span in which that role was sampled', () => {
    expect(cpuSlopeOf(restOf(result), 'callerUs')!.us).toBeCloseTo(CALLER.us, 6);
    expect(wholeCpuUs(result, restOf(result))).toBeCloseTo(SERVICE.us + CALLER.us, 6);
  });

  test('is unknown at one rate only, from two single trials, without spans, and where more took no more', () => {
    const only = (trials: readonly Trial[]) => cpuSlopeOf(restOf(resultOf([REST], trials)), 'serviceUs');
    expect(only(result.trials.slice(0, 5))).toBeUndefined();
    expect(only([result.trials[0]!, result.trials[5]!])).toBeUndefined();
    const older = result.trials.map((trial) => {
      const { callerUs, serviceUs } = trial.cost;
      return { ...trial, cost: { ...latencyTrial(1, 'rest', 1).cost, callerUs, serviceUs } };
    });
    expect(only(older)).toBeUndefined();
    expect(cpuSlopeOf(restOf(resultWith((id) => (id === 6 ? 0.1 : 1))), 'serviceUs')).toBeUndefined();
    // Nor where the trials scatter so much that it may be none.
    expect(cpuSlopeOf(restOf(resultWith((id) => 1 + id / 2)), 'serviceUs')).toBeUndefined();
    // Then it is the mean with its part of what is used anyway, as before.
    expect(wholeCpuUs(resultOf([REST], older), restOf(resultOf([REST], older)))).toBeGreaterThan(
      SERVICE.us + CALLER.us,
    );
  });

  test('stands in the table with its interval, the fixed use and both rates', () => {
    const { phases } = latencyTrial(1, 'rest', 1);
    const { tables } = viewOf({ ...result, trials: result.trials.map((trial) => ({ ...trial, phases })) });
    const { columns, rows } = tables.find(({ id }) => id === 'cost')!;
    const cell = rows[0]!.cells[columns.findIndex(({ id }) => id === 'cpu-service')]!;
    expect(cell).toMatchObject({ text: '280 µs', below: '280–280, + 0.08 cores' });
  });
});

test('simulated: the interval holds the truth in 95 of 100 runs, be the scatter 2 or 10 %', () => {
  const RUNS = 1000;
  for (const scatter of [0.02, 0.1]) {
    let held = 0;
    for (let seed = 0; seed < RUNS; seed++) {
      const noise = noiseOf(seed, 'slope');
      const off = () => 1 + scatter * noise.normal();
      const found = cpuSlopeOf(restOf(resultWith(off)), 'serviceUs');
      if (found && found.lowUs <= SERVICE.us && SERVICE.us <= found.highUs) held++;
    }
    // Four standard deviations of the simulated share below 95 %.
    expect(held / RUNS).toBeGreaterThan(0.95 - 4 * Math.sqrt((0.95 * 0.05) / RUNS));
  }
});
