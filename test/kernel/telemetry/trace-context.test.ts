import { expect, test } from 'vitest';
import { decodeEnvelope, encodeEnvelope, traced, tracedByName } from '../../../src/kernel/envelope.ts';
import { isTraced, spanIdOf, traceIdOf, withTrace } from '../../../src/kernel/telemetry/trace-context.ts';

const ENVELOPE = { trial: 3, stage: 'measured', sequence: 7, attempt: 1, key: 0, deadlineNs: 0 } as const;
const ALL = { run: 12345, share: 1 };

test('a share of the requests is traced, the same ones in every process', () => {
  const sampling = { run: 99, share: 0.1 };
  const chosen = Array.from({ length: 20_000 }, (_, i) => isTraced(sampling, 1, i));
  const count = chosen.filter(Boolean).length;
  // Binomial, six deviations wide.
  expect(Math.abs(count - 2000)).toBeLessThan(6 * Math.sqrt(20_000 * 0.1 * 0.9));
  expect(Array.from({ length: 20_000 }, (_, i) => isTraced(sampling, 1, i))).toEqual(chosen);
  expect(Array.from({ length: 20_000 }, (_, i) => isTraced(sampling, 2, i))).not.toEqual(chosen);
});

test('a traced message carries its trace and its sender’s span, after the W3C', () => {
  const { traceparent } = withTrace(ENVELOPE, ALL, 'call');
  const traceId = traceIdOf(ALL.run, 3, 7);
  expect(traceparent).toBe(`00-${traceId}-${spanIdOf(traceId, 'call')}-01`);
  expect(traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
  expect(withTrace({ ...ENVELOPE, sequence: 8 }, ALL, 'call').traceparent).not.toContain(traceId);
});

test('nothing is traced without sampling, nor of a warm-up', () => {
  expect(withTrace(ENVELOPE, undefined, 'call')).toBe(ENVELOPE);
  const warm = { ...ENVELOPE, stage: 'warm-up' } as const;
  expect(withTrace(warm, ALL, 'call')).toBe(warm);
});

test('the header stands beside the envelope, which stays as it is', () => {
  const marked = withTrace(ENVELOPE, ALL, 'call');
  expect(encodeEnvelope(marked)).toBe(encodeEnvelope(ENVELOPE));
  expect(decodeEnvelope(encodeEnvelope(marked))).toEqual(ENVELOPE);
  expect(traced(['a', 'b'], marked)).toEqual(['a', 'b', 'traceparent', marked.traceparent]);
  expect(tracedByName({ a: 'b' }, marked)).toEqual({ a: 'b', traceparent: marked.traceparent });
  // The user's own wins: two would make none.
  expect(traced(['traceparent', 'mine'], marked)).toEqual(['traceparent', 'mine']);
  expect(tracedByName({ traceparent: 'mine' }, marked)).toEqual({ traceparent: 'mine' });
});

test('an untraced message has the headers that it had', () => {
  const [list, named] = [['a', 'b'], { a: 'b' }];
  expect(traced(list, ENVELOPE)).toBe(list);
  expect(tracedByName(named, ENVELOPE)).toBe(named);
});
