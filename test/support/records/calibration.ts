import { type Calibration, calibrationSchema } from '../../../src/record/calibration-record.ts';
import { completeResult, QUEUE, REST } from '../result.ts';

/** REST limited by the generator, the queue by itself, and a row whose broker is not there. */
export function madeCalibration(more: Partial<Calibration> = {}): Calibration {
  const { environment, brokers } = completeResult();
  const kept = { verdict: 'sustained', limit: null, why: null } as const;
  const late = {
    verdict: 'not-sustained',
    limit: 'generator-bound',
    why: 'dispatch lag p50 is 1.2 ms (limit 0.3 ms)',
  } as const;
  const behind = {
    verdict: 'not-sustained',
    limit: 'saturated',
    why: 'backlog grows by 412/s: it is not kept up with',
  } as const;
  return calibrationSchema.parse({
    format: 'commbench-calibration',
    version: 1,
    commbench: '0.1.0',
    startedAt: '2026-11-21T10:00:00.000Z',
    finishedAt: '2026-11-21T10:05:00.000Z',
    state: 'incomplete',
    fingerprint: '0123456789abcdef',
    budgetMs: 360_000,
    seed: 7,
    within: 1.15,
    environment,
    brokers,
    patterns: [
      {
        pattern: REST,
        key: 'rest request-reply 1 {}',
        at: '2026-11-21T10:00:00.000Z',
        noop: { ratePerS: 100, p50Us: 310, lowUs: 302, highUs: 325, trials: 3 },
        sustainedRate: {
          sustainedPerS: 5200,
          notSustainedPerS: 5900,
          limit: 'generator-bound',
          why: late.why,
          isWhole: true,
          triedRates: [
            { ratePerS: 5200, isSustained: true, verdicts: [kept, kept] },
            { ratePerS: 5900, isSustained: false, verdicts: [kept, late, late] },
          ],
        },
        closedLoop: { tool: 'autocannon 9.0.0', connections: 16, seconds: 2, perS: 14_200, failed: 0 },
        why: null,
      },
      {
        pattern: QUEUE,
        key: 'rabbitmq work-queue 1 {}',
        at: '2026-11-20T10:00:00.000Z',
        noop: { ratePerS: 100, p50Us: 840, lowUs: 840, highUs: 840, trials: 1 },
        sustainedRate: {
          sustainedPerS: 700,
          notSustainedPerS: 1400,
          limit: 'saturated',
          why: behind.why,
          isWhole: false,
          triedRates: [
            { ratePerS: 700, isSustained: true, verdicts: [kept, kept] },
            { ratePerS: 1400, isSustained: false, verdicts: [behind, behind] },
          ],
        },
        closedLoop: null,
        why: null,
      },
      {
        pattern: { ...QUEUE, id: 'events', title: 'Event-driven', transport: 'kafka' },
        key: 'kafka publish-subscribe 2 {}',
        at: null,
        noop: null,
        sustainedRate: null,
        closedLoop: null,
        why: 'Kafka is not here: no Java was found',
      },
    ],
    ...more,
  });
}
