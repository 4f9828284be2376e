import { describe, expect, it } from 'vitest';
import { NS_PER_MS, NS_PER_S } from '../../../src/kernel/clock.ts';
import { validityOf, VALIDITY_RULES, type ValidityEvidence } from '../../../src/measure/validity/validity.ts';
import { seriesOf } from '../synthetic.ts';

/** 1,000 values: all of them `us`, but for the share above a quantile, which are `tailUs`. */
const withTail = (us: number, above: number, tailUs: number) =>
  seriesOf(Array.from({ length: 1000 }, (_, i) => (i >= above * 1000 ? tailUs : us)));

const quiet = { loopDelayP99Ns: 1e6, loopDelayMaxNs: 2e6, gcTotalNs: 1e6, gcMaxNs: 1e6 };
const phase = (lag = withTail(30, 1, 0), response = withTail(900, 1, 0)) => ({ dispatchLag: lag, response });

const assess = (more: Partial<ValidityEvidence> = {}) =>
  validityOf({
    phases: [phase()],
    measuredNs: 10 * NS_PER_S,
    unsent: 0,
    torn: 0,
    unexplained: 0,
    missing: [],
    disturbed: [],
    failure: null,
    generator: quiet,
    machine: { steal: 0, others: 0.02 },
    ...more,
  });

describe('validity', () => {
  it('is valid where nothing speaks against it', () => {
    expect(assess()).toEqual({ verdict: 'valid', causes: [], boundQuantiles: [] });
  });

  it('is valid where the machine can not be looked at', () => {
    expect(assess({ machine: { steal: null, others: null }, generator: null }).verdict).toBe('valid');
  });

  it.each([
    { name: 'a failed trial', more: { failure: 'the service ended: out of memory' } },
    { name: 'a torn effect log', more: { torn: 1 } },
    { name: 'unexplained effects', more: { unexplained: 1 } },
    { name: 'missing evidence', more: { missing: ['no arrivals of shard 2'] } },
  ])('is incomplete with $name', ({ more }) => {
    const found = assess(more);
    expect(found.verdict).toBe('incomplete');
    expect(found.causes.map((c) => c.cause)).toEqual(['incomplete']);
  });

  it('names all causes, and goes by the first of incomplete, generator-bound, disturbed', () => {
    const all = assess({ torn: 2, unsent: 3, machine: { steal: 0.5, others: 0 } });
    expect(all.verdict).toBe('incomplete');
    expect(all.causes.map((c) => c.cause)).toEqual(['incomplete', 'generator-bound', 'disturbed']);
    expect(assess({ unsent: 3, machine: { steal: 0.5, others: 0 } }).verdict).toBe('generator-bound');
  });
});

describe('generator-bound', () => {
  it('is not said of a service that is too slow to answer: a time-out is a response of at least the deadline', () => {
    const dead = phase(withTail(5000, 1, 0), seriesOf([]));
    expect(assess({ phases: [dead] }).verdict).toBe('generator-bound');
    const failedAfter = { timeout: withTail(100_000, 1, 0) };
    expect(assess({ phases: [{ ...dead, failedAfter }] }).verdict).toBe('valid');
  });

  it('goes by the first item of a stream, not by its end, which is planned so late', () => {
    const stream = phase(withTail(2000, 1, 0), withTail(200_000, 1, 0));
    expect(assess({ phases: [stream] }).verdict).toBe('valid');
    expect(assess({ phases: [{ ...stream, firstItem: null }] }).verdict).toBe('valid');
    const found = assess({ phases: [{ ...stream, firstItem: withTail(5000, 1, 0) }] });
    expect(found.causes[0]!.detail).toBe('dispatch lag p50 is 2 ms (limit 1 ms)');
    // Events come to subscribers later than the broker's confirm: then that counts, as ever.
    const events = { ...phase(withTail(2000, 1, 0), withTail(900, 1, 0)), firstItem: withTail(90_000, 1, 0) };
    expect(assess({ phases: [events] }).verdict).toBe('generator-bound');
  });

  it('assesses dispatch lag at each quantile: a mark at p50 or p90 is the trial', () => {
    const bound = assess({ phases: [phase(withTail(30, 0.85, 5000))] });
    expect(bound.verdict).toBe('generator-bound');
    expect(bound.boundQuantiles).toEqual([0.9, 0.99, 0.999]);
    expect(bound.causes).toEqual([
      { cause: 'generator-bound', detail: 'dispatch lag p90 is 5 ms (limit 0.3 ms)' },
    ]);
    expect(assess({ phases: [phase(withTail(400, 1, 0))] }).boundQuantiles).toEqual([0.5, 0.9, 0.99, 0.999]);
  });

  it('marks only the cell at p99 and beyond', () => {
    const found = assess({ phases: [phase(withTail(30, 0.95, 5000))] });
    expect(found).toEqual({ verdict: 'valid', causes: [], boundQuantiles: [0.99, 0.999] });
  });

  it('allows 0.3 ms of lag, however short the response', () => {
    expect(assess({ phases: [phase(withTail(300, 1, 0), withTail(310, 1, 0))] }).verdict).toBe('valid');
    expect(assess({ phases: [phase(withTail(301, 1, 0), withTail(310, 1, 0))] }).verdict).toBe(
      'generator-bound',
    );
  });

  it('allows 20 % of the response time at the same quantile', () => {
    const response = withTail(2000, 0.7, 100_000);
    expect(assess({ phases: [phase(withTail(390, 1, 0), response)] }).verdict).toBe('valid');
    expect(assess({ phases: [phase(withTail(410, 1, 0), response)] }).boundQuantiles).toEqual([0.5]);
  });

  it('looks at all phases together', () => {
    const lagging = phase(withTail(2000, 1, 0));
    expect(assess({ phases: [phase(), phase(), lagging] }).boundQuantiles).toEqual([0.9, 0.99, 0.999]);
  });

  it('is any trial with arrivals never sent', () => {
    expect(assess({ unsent: 1 }).verdict).toBe('generator-bound');
  });
});

const generator = (more: Partial<typeof quiet>) => ({ generator: { ...quiet, ...more } });

describe('disturbed', () => {
  it.each([
    {
      name: 'CPU steal',
      at: { machine: { steal: 0.02, others: 0 } },
      above: { machine: { steal: 0.021, others: 0 } },
    },
    {
      name: 'other load',
      at: { machine: { steal: 0, others: 0.1 } },
      above: { machine: { steal: 0, others: 0.11 } },
    },
    {
      name: 'event-loop delay',
      at: generator({ loopDelayP99Ns: 10 * NS_PER_MS }),
      above: generator({ loopDelayP99Ns: 10.1 * NS_PER_MS }),
    },
    {
      name: 'one stall',
      at: generator({ loopDelayMaxNs: 500 * NS_PER_MS }),
      above: generator({ loopDelayMaxNs: 501 * NS_PER_MS }),
    },
    {
      name: 'one collection',
      at: generator({ gcMaxNs: 500 * NS_PER_MS }),
      above: generator({ gcMaxNs: 501 * NS_PER_MS }),
    },
    {
      name: 'all collections',
      at: generator({ gcTotalNs: 500 * NS_PER_MS }),
      above: generator({ gcTotalNs: 501 * NS_PER_MS }),
    },
    {
      name: 'a standstill of the generator in a long trial',
      at: { measuredNs: 100 * NS_PER_S, ...generator({ loopDelayMaxNs: 1000 * NS_PER_MS }) },
      above: { measuredNs: 100 * NS_PER_S, ...generator({ loopDelayMaxNs: 1001 * NS_PER_MS }) },
    },
    {
      name: 'a standstill of another part',
      at: { disturbed: [] },
      above: { disturbed: ['the target stood still for 2 s'] },
    },
  ])('by $name above its threshold only', ({ at, above }) => {
    expect(assess(at).verdict).toBe('valid');
    expect(assess(above)).toMatchObject({ verdict: 'disturbed', causes: [{ cause: 'disturbed' }] });
  });
});

it('prints its thresholds', () => {
  expect(VALIDITY_RULES.join('\n')).toContain(
    'max(0.3 ms, 20 % of the response time there, time-outs included)',
  );
  expect(VALIDITY_RULES.join('\n')).toContain('CPU steal above 2 %');
});
