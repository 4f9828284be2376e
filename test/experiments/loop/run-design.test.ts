import { loadCatalogue } from '../../../src/transports/discover.ts';
import { describe, expect, test } from 'vitest';
import {
  type Design,
  type PlannedTrial,
  single,
  type DesignStage,
  type Steps,
} from '../../../src/experiments/loop/design.ts';
import { resolvePatterns } from '../../../src/plan/resolve-patterns.ts';
import type { ResolvedPattern } from '../../../src/plan/spec.ts';
import { specOf } from '../../../src/plan/trial-plan.ts';
import { loadScenario } from '../../../src/scenario/load/load.ts';
import { neededBy } from '../../../src/trial/environment/broker-set.ts';
import { CONDITIONS, made, playDesign } from '../../support/design/design-world.ts';

const { scenario } = await loadScenario('rest-vs-queue', []);
const patterns = await resolvePatterns(
  scenario,
  { patterns: undefined, targets: {}, allowRemote: [] },
  await loadCatalogue(),
);

interface Placed {
  readonly place: number;
}
type Made = Design<object, Placed>;

function planned(pattern: ResolvedPattern, place: number): PlannedTrial<Placed> {
  const entry = {
    id: place,
    round: 1,
    pattern: pattern.id,
    variant: null,
    kind: 'latency',
    case: null,
  } as const;
  return {
    spec: specOf(entry, { scenario, seed: 1, pattern }),
    place: { place },
    label: { name: `${pattern.id} ${place}` },
  };
}

function designOf(steps: Made['steps'], more: Partial<Made> = {}): Made {
  return {
    experiment: 'made',
    scenario,
    patterns,
    needed: neededBy(patterns),
    design: { asked: 2 },
    steps,
    ...more,
  };
}

/** So many trials of each pattern that can be run, one after the other. */
function design(count: number, more: Partial<Made> = {}): Made {
  const steps = async function* ({ patterns: there }: DesignStage<object, Placed>): Steps<Placed> {
    for (let place = 1; place <= count; place++) {
      for (const pattern of there) yield single(planned(pattern, place));
    }
  };
  return designOf(steps, more);
}

const rabbitmq = new Map([['rabbitmq', { reason: 'RabbitMQ is not here', hint: 'install it' }]]);
const failing = (pattern: string) => (spec: Parameters<typeof made>[0]) =>
  spec.system.pattern.id === pattern ? made(spec, { state: 'failed', failure: 'it died' }) : made(spec);

test('each trial is in the file, with its place, before it is announced', async () => {
  const { record, saved, events } = await playDesign(design(2), { trial: made });
  expect(record!.trials.map(({ pattern, place }) => [pattern, place])).toEqual([
    ['rest', 1],
    ['queue', 1],
    ['rest', 2],
    ['queue', 2],
  ]);
  expect(events.slice(0, 8)).toEqual([
    'started rest 1',
    'ran 1',
    'saved 1',
    'ended rest 1: valid, sustained',
    'started queue 1',
    'ran 1',
    'saved 2',
    'ended queue 1: valid, sustained',
  ]);
  expect(saved.at(-1)).toEqual(record);
  expect(saved.at(-1)).toMatchObject({
    experiment: 'made',
    version: 2,
    state: 'complete',
    design: { asked: 2 },
  });
});

test('each step is answered with its trials, as they stand in the record', async () => {
  const answers: unknown[] = [];
  const steps = async function* (): Steps<Placed> {
    for (const place of [1, 2]) answers.push(yield single(planned(patterns[0]!, place)));
  };
  const { record } = await playDesign(designOf(steps), { trial: made });
  expect(answers).toEqual(record!.trials.map((trial) => [trial]));
});

describe('the state', () => {
  test('a trial that failed leaves it incomplete, unless the design says otherwise', async () => {
    const play = { trial: failing('rest') };
    expect((await playDesign(design(1), play)).record!.state).toBe('incomplete');
    expect((await playDesign(design(1, { isWhole: () => true }), play)).record!.state).toBe('complete');
  });
  test('a pattern whose broker cannot be had is not run, and says why; the others are', async () => {
    const { record } = await playDesign(design(1), { trial: made, missing: rabbitmq });
    expect(record).toMatchObject({
      state: 'incomplete',
      patterns: [{ state: 'run' }, { state: 'not-run', reason: 'RabbitMQ is not here', hint: 'install it' }],
      trials: [{ pattern: 'rest' }],
    });
  });
  test('a design may refuse to run without a broker: nothing is begun, nothing is written', async () => {
    const checkMissing = () => {
      throw new Error('it takes RabbitMQ');
    };
    const { error, saved } = await playDesign(design(1, { checkMissing }), {
      trial: made,
      missing: rabbitmq,
    });
    expect([String(error), saved]).toEqual(['Error: it takes RabbitMQ', []]);
  });
});

describe('an interruption', () => {
  test('in mid-trial keeps what was finished, and everything is closed', async () => {
    const { error, saved, events } = await playDesign(design(2), { trial: made, interruptAt: 3 });
    expect(error).toMatchObject({ code: 'interrupted' });
    expect(saved.at(-1)).toMatchObject({ state: 'interrupted', trials: [{ place: 1 }, { place: 1 }] });
    expect(events.slice(-3)).toEqual(['started rest 2', 'saved 2', 'closed']);
  });
  test('before anything was finished leaves what an earlier run wrote', async () => {
    const { error, saved } = await playDesign(design(2), { trial: made, interruptAt: 1 });
    expect([error, saved]).toMatchObject([{ code: 'interrupted' }, []]);
  });
});

test('trials of one step run at once, are saved together, and then announced', async () => {
  const steps = async function* (): Steps<Placed> {
    yield { trials: patterns.map((pattern, i) => planned(pattern, i + 1)), label: { name: 'both' } };
  };
  const { events } = await playDesign(designOf(steps), { trial: made });
  expect(events.slice(0, 5)).toEqual([
    'started both',
    'ran 1, 2',
    'saved 2',
    'ended rest 1: valid, sustained',
    'ended queue 2: valid, sustained',
  ]);
});

test('its budget counts from when the brokers are up', async () => {
  const left: number[] = [];
  const steps = async function* ({ leftMs }: DesignStage<object, Placed>): Steps<Placed> {
    for (const place of [1, 2, 3]) {
      left.push(leftMs());
      yield single(planned(patterns[0]!, place));
    }
    left.push(leftMs());
  };
  await playDesign(designOf(steps, { budgetMs: 2500 }), { trial: made, stepMs: 1000 });
  expect(left).toEqual([2500, 1500, 500, 0]);
});

describe('before the first trial the machine is looked at', () => {
  const noisyUntil = (ms: number) => (nowMs: number) => (nowMs > ms ? 0.04 : 0.57);
  const linesOf = async (untilMs: number, waitQuietMs: number) => {
    const play = { trial: made, othersAt: noisyUntil(untilMs) };
    const { events } = await playDesign(design(1), play, { ...CONDITIONS, waitQuietMs });
    return events.slice(0, events.indexOf('started rest 1'));
  };
  const NOISE =
    'line Other programs use 57 % of the cores: absolute figures will be rough, ratios within a round count';

  test('a quiet one is nothing to speak of', async () => {
    expect(await linesOf(0, 0)).toEqual([]);
  });
  test('a noisy one is told, with what can be done', async () => {
    expect(await linesOf(1e9, 0)).toEqual([`${NOISE}; --wait-quiet waits`]);
  });
  test('it waits where that was asked for', async () => {
    expect(await linesOf(20_000, 60_000)).toEqual(['line Waiting for a quiet machine, at most 60 s']);
  });
  test('it does not wait for ever', async () => {
    const [waiting, busy] = await linesOf(1e9, 60_000);
    expect(waiting).toBe('line Waiting for a quiet machine, at most 60 s');
    expect(busy).toBe(NOISE.replace('line ', 'line Still busy. '));
  });
});

describe('--max-time', () => {
  test('a plan that takes longer is refused before anything is started', async () => {
    const played = await playDesign(
      design(2, { seconds: 7300 }),
      { trial: made },
      { ...CONDITIONS, maxTimeMs: 60_000 },
    );
    expect(played.error).toMatchObject({
      code: 'bad-option',
      message: 'The plan takes about 2.0 h, longer than --max-time (60 s)',
    });
    expect(played.events).toEqual([]);
    expect(played.saved).toEqual([]);
  });

  test('no trial begins later, and the record is incomplete', async () => {
    const { record, events } = await playDesign(
      design(3, { seconds: 50 }),
      { trial: made, stepMs: 40_000 },
      { ...CONDITIONS, maxTimeMs: 60_000 },
    );
    expect(record).toMatchObject({ state: 'incomplete', trials: { length: 2 } });
    expect(events).toContain('line No further trial begins: the time of --max-time is over.');
  });

  test('without it a design runs to its end', async () => {
    const { record } = await playDesign(design(3, { seconds: 1e9 }), { trial: made, stepMs: 40_000 });
    expect(record).toMatchObject({ state: 'complete', trials: { length: 6 } });
  });
});
