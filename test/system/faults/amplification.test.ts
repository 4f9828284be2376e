import { expect, test } from 'vitest';
import type { EdgeFigures, Hops, ServiceFigures } from '../../../src/measure/hops/hop-figures.ts';
import type { Trial } from '../../../src/record/record.ts';
import { openTrials } from '../trials.ts';

const ROOTS = 100;
/** The last of them is due 10 ms before it. */
const SENT_MS = (ROOTS / 50) * 1000 - 10;
/** Too short for one more; the fault lasts on for those that a busy machine delays. */
const QUIET_MS = 900;

/** Two hops, and a leaf that refuses throughout: nothing succeeds, so each policy does the most that it ever does. */
const REFUSING = `
name: refusing
title: A leaf that refuses throughout
rounds: 1
noop: false
warmUp: { calls: 0 }
contract: users
patterns: [{ id: rest, title: REST, transport: rest, interaction: request-reply }]
services: [{ id: front, concurrency: 100, queue: 500 }, { id: middle, concurrency: 100, queue: 500 }, { id: leaf, concurrency: 100, queue: 500 }]
edges: [{ from: front, to: middle }, { from: middle, to: leaf }]
variants:
  - id: none
    title: one try
  - id: retry
    title: three tries on each hop
    edges: [{ id: front-middle, policies: [tries] }, { id: middle-leaf, policies: [tries] }]
  - id: budget
    title: three tries on each hop, within a fifth
    edges: [{ id: front-middle, policies: [within] }, { id: middle-leaf, policies: [within] }]
policies:
  tries: [{ policy: retry, attempts: 3, backOff: none }]
  within: [{ policy: retry, attempts: 3, backOff: none, budget: { ratio: 0.2, reservePerS: 0 } }]
load: { shape: steps, steps: [{ ratePerS: 50, forMs: ${SENT_MS} }, { ratePerS: 0.1, forMs: ${QUIET_MS} }] }
durationMs: ${SENT_MS + QUIET_MS}
deadlineMs: 10000
watchRecovery: false
faults: [{ do: error, status: overloaded, on: leaf, atMs: 0, forMs: ${SENT_MS + QUIET_MS} }]
`;

/** Tries on either edge, and executions of the three services: each by its own log, none derived from another. */
function countsOf({ edges, services }: Hops): number[] {
  const attempts = ({ phases }: EdgeFigures) => phases.reduce((n, phase) => n + phase.attempts, 0);
  const executions = ({ phases }: ServiceFigures) => phases.reduce((n, phase) => n + phase.executions, 0);
  return [...edges.map(attempts), ...services.map(executions)];
}

/** Nothing is done, nobody is answered, and what struck the leaf's messages struck all of them. */
function expectNothingDone({ faults, ledgers, hops }: Trial, atLeaf: number): void {
  expect(ledgers.map(({ refused }) => refused.done0)).toEqual([ROOTS, ROOTS, ROOTS]);
  expect(faults[0]).toMatchObject({ planned: ROOTS, injected: atLeaf, observed: atLeaf });
  const expected = hops!.edges.map(({ phases }) => phases.reduce((n, phase) => n + phase.expected, 0));
  expect(expected).toEqual([ROOTS, ROOTS]);
}

test('three tries on two hops: 9 at the leaf and 3 in the middle; within a budget of a fifth 1.44 and 1.2', async () => {
  await using trials = await openTrials(REFUSING);

  const { trial: once } = await trials.run({ variant: 'none' });
  expect(countsOf(once.hops!)).toEqual([ROOTS, ROOTS, ROOTS, ROOTS, ROOTS]);
  expectNothingDone(once, ROOTS);

  const { trial: retried } = await trials.run({ variant: 'retry' });
  expect(countsOf(retried.hops!)).toEqual([3 * ROOTS, 9 * ROOTS, ROOTS, 3 * ROOTS, 9 * ROOTS]);
  expectNothingDone(retried, 9 * ROOTS);

  // From a cold start, without a reserve, each whole credit is spent, as every call fails: a fifth of the calls at the
  // first hop, rounded down, and a fifth of what comes of that at the second. Not one more, and not one less.
  const { trial: bounded } = await trials.run({ variant: 'budget' });
  const middle = ROOTS + Math.floor(ROOTS * 0.2);
  const leaf = middle + Math.floor(middle * 0.2);
  expect([middle / ROOTS, leaf / ROOTS]).toEqual([1.2, 1.44]);
  expect(countsOf(bounded.hops!)).toEqual([middle, leaf, ROOTS, middle, leaf]);
  expectNothingDone(bounded, leaf);
}, 120_000);
