import { describe, expect, test } from 'vitest';
import { analysisOf } from '../../../src/analysis/analysis.ts';
import type { TestedClaim } from '../../../src/analysis/claims/claim.ts';
import type { ClaimVerdict } from '../../../src/analysis/claims/verdict.ts';
import { CLAIMS } from '../../../src/commands/all-claims.ts';
import type { Result, Trial } from '../../../src/record/record.ts';
import type { ContractCounts } from '../../../src/measure/figures/contract-change.ts';
import { changeOf } from '../../support/records/contract-changes.ts';
import { comparisonOf, comparisonResult } from '../../support/comparison.ts';
import { phaseOf, type Shape } from '../../support/result.ts';
import { type Fate, measuredResult, toldResult, type Which } from '../../support/fault-results.ts';

/** A result that says so, one that says the opposite, and one that says neither. */
interface FindingExtras {
  readonly yes: () => Promise<Result> | Result;
  readonly no: () => Promise<Result> | Result;
  readonly unclear?: () => Promise<Result> | Result;
}

const fast: Shape = { leastMs: 0.5, tailMs: 0.1 };
const slow: Shape = { leastMs: 1.5, tailMs: 0.3 };

const COMPARISON = comparisonResult();

/** Five patterns with some trials replaced. */
function comparison(change: (trial: Trial) => Partial<Trial>): Result {
  const { trials, ...result } = COMPARISON;
  return comparisonOf(
    trials.map((trial) => ({ ...trial, ...change(trial) })),
    { scenario: result.scenario },
  );
}

/** The work of one pattern is done after so long, in every round. */
function doneAfter(pattern: string, shape: Shape) {
  return (trial: Trial): Partial<Trial> =>
    trial.pattern === pattern && trial.kind === 'latency'
      ? { phases: [phaseOf(600, shape, shape, trial.id * 10)] }
      : {};
}

function coupled(pattern: string, verdict: 'tight' | 'loose', share: number) {
  return (trial: Trial): Partial<Trial> =>
    trial.pattern === pattern && trial.kind === 'service-outage'
      ? { coupling: { intended: 800, served: 800 * share, finallyDone: 800 * share, verdict } }
      : {};
}

/** Patterns that wait for a broker against those that do not; with work, too, unless something else is told of it. */
const sides =
  (broker: Shape, direct: Shape, withWork: readonly [broker: Shape, direct: Shape] = [broker, direct]) =>
  () =>
    measuredResult('pattern-comparison', ({ pattern, variant }) => {
      const [over, without] = variant === 'w21' ? withWork : [broker, direct];
      return { wait: ['queue', 'events'].includes(pattern) ? over : without };
    });

const answers =
  (broker: Shape, direct: Shape, more: Partial<Trial> = {}) =>
  () =>
    measuredResult('request-reply', ({ pattern }) => ({
      wait: ['queue', 'stream'].includes(pattern) ? broker : direct,
      more,
    }));

const capacities = (queue: number, others: number) => () =>
  measuredResult('pattern-comparison', ({ pattern }) => {
    const perS = pattern === 'queue' ? queue : others;
    return { wait: fast, more: { capacity: { acknowledgedPerS: perS, donePerS: perS } } };
  });

const isLoose = (pattern: string) => ['queue', 'events'].includes(pattern);

/** `contract-change`, with these ends of calls in each trial; the others are done as sent. */
const changes = (ends: (which: Pick<Which, 'pattern' | 'variant'>) => Partial<ContractCounts>) => () =>
  measuredResult('contract-change', (which) => ({
    wait: fast,
    more: { contractChange: changeOf(which.variant!, ends(which)) },
  }));

const told = (name: string, tell: (which: Which) => Fate) => () => toldResult(name, tell);
const ORDERS = { createUser: 0.1 };
const ALL = { createUser: 0.1, getUser: 0.1, listUsers: 0.1, updateUser: 0.1 };

const byVariant = (name: string, fates: Readonly<Record<string, Fate>>) =>
  told(name, ({ variant }) => fates[variant!] ?? {});
const byRow = (name: string, fates: Readonly<Record<string, Fate>>) =>
  told(name, ({ pattern }) => fates[pattern] ?? {});

/** The burst of `consumers`, done so late with one, two, four and eight of them. */
const burst = (row: string, [one, two, four, eight]: readonly [number, number, number, number]) => {
  const late: Record<string, number> = { one, two, four, eight };
  return told('consumers', ({ pattern, variant }) => ({
    doneAfterMs: pattern === row ? late[variant!]! : 5,
  }));
};

const TOLD: Readonly<Record<string, FindingExtras>> = {
  '1a': {
    yes: () =>
      comparison((trial) => ({
        ...doneAfter('grpc', { leastMs: 0.2, tailMs: 0.05 })(trial),
        ...doneAfter('graphql', { leastMs: 0.5, tailMs: 0.25 })(trial),
      })),
    no: () => COMPARISON,
  },
  '1b': {
    yes: () => {
      const result = COMPARISON;
      const fifteen = Array.from({ length: 15 }, () => ({ category: 'state' as const, what: 'state' }));
      const points: Record<string, number> = { rest: 2, grpc: 5, graphql: 5, queue: 5, events: 15 };
      return {
        ...result,
        patterns: result.patterns.map((one) => ({ ...one, complexity: fifteen.slice(0, points[one.id]) })),
      };
    },
    no: () => COMPARISON,
  },
  '1c': {
    yes: () => COMPARISON,
    no: () => comparison(coupled('events', 'tight', 0)),
  },
  '2a': {
    yes: byVariant('cascade', { synchronous: { correct: ORDERS } }),
    no: byVariant('cascade', {}),
  },
  '2b': {
    yes: byVariant('cascade', { synchronous: { correct: ALL } }),
    no: byVariant('cascade', { synchronous: { correct: ORDERS } }),
  },
  '3a': {
    yes: byVariant('cascade', { retry: { correct: ORDERS } }),
    no: byVariant('cascade', { retry: { correct: ORDERS }, kafka: { correct: ORDERS } }),
    // Harmed is only who has other policies.
    unclear: byVariant('cascade', { synchronous: { correct: ORDERS } }),
  },
  '3b': {
    yes: () => COMPARISON,
    no: () => comparison(coupled('queue', 'tight', 0)),
  },
  '4a': { yes: sides(fast, slow), no: sides(slow, fast), unclear: sides(fast, fast) },
  // What is so without work alone is no matter of the pattern.
  '4b': { yes: sides(fast, slow), no: sides(slow, fast), unclear: sides(slow, fast, [fast, slow]) },
  '4c': {
    yes: burst('queue', [5000, 2000, 500, 20]),
    no: burst('queue', [5000, 5000, 5000, 4900]),
    unclear: burst('queue', [5000, 4900, 500, 20]),
  },
  '6': {
    yes: () => COMPARISON,
    no: () => comparison(coupled('grpc', 'loose', 1)),
  },
  '7a': {
    yes: byVariant('circuit-breaker', {
      none: { correct: { createUser: 0, getUser: 0.4 } },
      breaker: { correct: { createUser: 0 } },
    }),
    no: byVariant('circuit-breaker', {
      none: { correct: { createUser: 0, getUser: 0.4 } },
      breaker: { correct: { createUser: 0, getUser: 0.4 } },
    }),
    unclear: byVariant('circuit-breaker', { none: { correct: { createUser: 0 } } }),
  },
  '7b': {
    yes: byVariant('circuit-breaker', { breaker: { correct: ORDERS, tries: 0.15, acts: true } }),
    no: byVariant('circuit-breaker', { breaker: { correct: ORDERS, tries: 0.9, acts: true } }),
  },
  '8': {
    yes: byVariant('hang', {
      none: { correct: { createUser: 0, getUser: 0.2 } },
      timeout: { correct: { createUser: 0 } },
    }),
    no: byVariant('hang', {
      none: { correct: { createUser: 0, getUser: 0.2 } },
      timeout: { correct: { createUser: 0, getUser: 0.2 } },
    }),
    unclear: byVariant('hang', { none: { correct: { createUser: 0 } } }),
  },
  '9a': {
    yes: byVariant('duplicate-writes', { once: { correct: { createUser: 0.8 } } }),
    no: byVariant('duplicate-writes', {
      once: { correct: { createUser: 0.8 } },
      retry: { correct: { createUser: 0.7 } },
    }),
    unclear: byVariant('duplicate-writes', {}),
  },
  '9b': {
    yes: byVariant('retry-storm', { none: { correct: ORDERS } }),
    no: byVariant('retry-storm', {
      none: { correct: ORDERS },
      'back-off': { correct: ORDERS, after: ORDERS },
    }),
    // Whatever retries do, one try alone loses nothing.
    unclear: byVariant('retry-storm', {}),
  },
  '10a': {
    yes: byRow('broker-backlog', { queue: { correct: ORDERS, atRisk: 1500 } }),
    no: byRow('broker-backlog', { queue: { correct: ORDERS, atRisk: 1500, lost: 3 } }),
    // An empty queue has nothing to lose.
    unclear: byRow('broker-backlog', { queue: { correct: ORDERS, atRisk: 999 } }),
  },
  '10b': {
    yes: byRow('load-spike', { rest: { correct: ORDERS } }),
    no: byRow('load-spike', { rest: { correct: ORDERS }, queue: { done: 0.5 } }),
    unclear: byRow('load-spike', {}),
  },
  '11': { yes: capacities(9000, 6000), no: capacities(3000, 6000) },
  '12': {
    yes: burst('events', [5000, 2000, 500, 20]),
    no: burst('events', [5000, 5000, 5000, 4900]),
    unclear: burst('events', [5000, 4900, 500, 20]),
  },
  '13a': { yes: answers(slow, fast), no: answers(fast, slow), unclear: answers(fast, fast) },
  '13b': {
    yes: byRow('slow-consumer', { rest: { correct: ORDERS } }),
    no: byRow('slow-consumer', { rest: { correct: ORDERS }, events: { correct: ORDERS } }),
    unclear: byRow('slow-consumer', {}),
  },
  '14': {
    yes: () => measuredResult('rest-vs-grpc', ({ pattern }) => ({ wait: pattern === 'grpc' ? fast : slow })),
    no: () => measuredResult('rest-vs-grpc', ({ pattern }) => ({ wait: pattern === 'grpc' ? slow : fast })),
    unclear: () =>
      measuredResult('rest-vs-grpc', ({ pattern, variant }) => ({
        wait: (pattern === 'grpc') === (variant === 'list') ? fast : slow,
      })),
  },
  '5a': {
    yes: changes(({ pattern, variant }) => (isLoose(pattern) || variant === 'same' ? {} : { refused: 400 })),
    // What breaks a caller that waits breaks the work behind a broker as well.
    no: changes(({ variant }) => (variant === 'renamed' ? { silent: 300 } : {})),
    // gRPC goes on.
    unclear: changes(({ pattern, variant }) =>
      isLoose(pattern) || pattern === 'grpc' || variant === 'same' ? {} : { refused: 400 },
    ),
  },
  '19a': {
    yes: changes(({ variant }) => (variant === 'renamed' ? { silent: 400 } : {})),
    no: changes(({ pattern, variant }) =>
      pattern === 'graphql' && variant === 'added' ? { caught: 1 } : {},
    ),
    // Calls break without any change.
    unclear: changes(({ pattern }) => (pattern === 'rest' ? { other: 1 } : {})),
  },
  '19b': {
    yes: changes(({ pattern, variant }) => {
      if (variant !== 'renamed') return {};
      return isLoose(pattern) ? { deadLettered: 400 } : { refused: 100, caught: 300 };
    }),
    no: changes(({ pattern, variant }) =>
      pattern === 'grpc' && variant === 'required' ? { silent: 1 } : {},
    ),
    unclear: changes(() => ({})),
  },
  breaker: {
    yes: byVariant('circuit-breaker', { guides: { correct: ORDERS, acts: true } }),
    no: byVariant('circuit-breaker', { guides: { correct: ORDERS, acts: true, opensFalsely: 2 } }),
  },
  retry: {
    yes: byVariant('duplicate-writes', { guides: { tries: 1.2 } }),
    no: byVariant('duplicate-writes', { guides: { tries: 1.2, duplicates: 4 } }),
    unclear: byVariant('duplicate-writes', {}),
  },
  consumer: {
    yes: byRow('poison-message', { 'dead-letter': { done: 0.95 }, requeue: { done: 0.95 } }),
    no: byRow('poison-message', { 'dead-letter': { done: 0.95 }, requeue: { done: 0.1 } }),
    unclear: byRow('poison-message', { 'dead-letter': { struck: 0 }, requeue: { done: 0.1 } }),
  },
};

const TESTED = CLAIMS.filter((claim): claim is TestedClaim => claim.scenario !== null);

function tested(id: string): TestedClaim {
  return TESTED.find((claim) => claim.id === id)!;
}

test('the claims that are told both ways can be tested', () => {
  expect(TESTED.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(TOLD)));
});

describe.each(Object.entries(TOLD))('claim %s', (id, { yes, no, unclear }) => {
  const saying: [ClaimVerdict, FindingExtras['yes']][] = [
    ['supported', yes],
    ['contradicted', no],
    ...(unclear ? ([['inconclusive', unclear]] as [ClaimVerdict, FindingExtras['yes']][]) : []),
  ];
  test.each(saying)('%s where its data say so', async (verdict, make) => {
    const result = await make();
    const { scenario, assess } = tested(id);
    expect(result.scenario.name).toBe(scenario);
    const assessment = assess(analysisOf(result));
    expect([assessment.verdict, assessment.why]).toEqual([verdict, assessment.why]);
    expect(assessment.isLacking).toBeUndefined();
    const nothing = assess(
      analysisOf({ ...result, trials: [], patterns: [], design: { order: [], calibration: null } }),
    );
    expect(nothing.verdict).toBe('inconclusive');
    if (verdict !== 'inconclusive') expect(assessment.evidence.length).toBeGreaterThan(0);
  });
});
