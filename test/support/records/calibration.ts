import type { Calibration } from '../../../src/experiments/calibrate/found.ts';
import { completeResult, QUEUE, REST } from '../result.ts';

/** REST limited by the generator, the queue by itself, and a pattern whose broker is not there. */
export function madeCalibration(more: Partial<Calibration> = {}): Calibration {
  const { trials: _, design: __, ...header } = completeResult();
  const late = 'dispatch lag p50 is 1.2 ms (limit 0.3 ms)';
  const behind = 'backlog grows by 412/s: it is not kept up with';
  return {
    ...header,
    experiment: 'calibrate',
    startedAt: '2026-11-21T10:00:00.000Z',
    finishedAt: '2026-11-21T10:05:00.000Z',
    state: 'incomplete',
    fingerprint: '0123456789abcdef',
    budgetMs: 360_000,
    seed: 7,
    within: 1.15,
    calibrated: [
      {
        pattern: REST,
        key: 'rest request-reply 1 {}',
        at: '2026-11-21T10:00:00.000Z',
        noop: { p50Us: 310, lowUs: 302, highUs: 325, trials: 3 },
        sustainedRate: {
          sustainedPerS: 5200,
          notSustainedPerS: 5900,
          limit: 'generator-bound',
          why: late,
          isWhole: true,
          triedRates: [
            { ratePerS: 5200, isSustained: true, verdicts: ['sustained', 'sustained'] },
            { ratePerS: 5900, isSustained: false, verdicts: ['sustained', 'not-sustained', 'not-sustained'] },
          ],
        },
        closedLoop: { tool: 'autocannon 9.0.0', connections: 16, seconds: 2, perS: 14_200, failed: 0 },
        why: null,
      },
      {
        pattern: QUEUE,
        key: 'rabbitmq work-queue 1 {}',
        at: '2026-11-20T10:00:00.000Z',
        noop: { p50Us: 840, lowUs: 840, highUs: 840, trials: 1 },
        sustainedRate: {
          sustainedPerS: 700,
          notSustainedPerS: 1400,
          limit: 'saturated',
          why: behind,
          isWhole: false,
          triedRates: [
            { ratePerS: 700, isSustained: true, verdicts: ['sustained', 'sustained'] },
            { ratePerS: 1400, isSustained: false, verdicts: ['not-sustained', 'not-sustained'] },
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
        why: 'Kafka is not available: no Java was found',
      },
    ],
    ...more,
  };
}
