import { policySpecSchema, type PolicySpec } from '../policies.ts';

/** A stack of policies that a scenario may use by name. */
export interface Preset {
  /** One line for `commbench list policies`. */
  readonly title: string;
  /** The first is the outermost. */
  readonly specs: readonly PolicySpec[];
}

/** By name. A scenario's own stack of the same name comes first. */
export const PRESETS: Readonly<Record<string, Preset>> = {
  /**
   * A client as the guides write it: 30 s per attempt, three retries, back-off factor 1, on 429, 500, 502, 503, 504,
   * POST included. The library behind it (urllib3's `Retry(total=3)`) waits 0, 2 and 4 s, at most 120 s. It also
   * retries refused and lost connections and time-outs
   * (https://urllib3.readthedocs.io/en/stable/reference/urllib3.util.html).
   */
  'guides-rest-retry': {
    title: "the guides' REST client: 30 s per try, 3 retries after 0, 2 and 4 s, POST included",
    specs: stack(
      {
        policy: 'retry',
        attempts: 4,
        on: ['refused', 'connection-lost', 'timeout', 'error'],
        backOff: 'exponential',
        baseMs: 1000,
        maxMs: 120_000,
        firstAtOnce: true,
      },
      { policy: 'timeout', ms: 30_000 },
    ),
  },
  /**
   * A virtual service with attempts 3, 2 s per attempt and 10 s in all, on connect-failure, refused-stream,
   * unavailable, cancelled and 5xx. `attempts` counts retries there
   * (https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPRetry). 5xx includes an upstream
   * that does not answer at all: lost connections and time-outs of an attempt. The waits are Envoy's, fully jittered
   * from 25 ms, at most ten times that
   * (https://www.envoyproxy.io/docs/envoy/latest/configuration/http/http_filters/router_filter): uniform below 25, 50
   * and 100 ms as its code draws them; its page states 25, 75 and 175.
   */
  istio: {
    title: "Istio's retries: up to 4 tries of 2 s, 10 s in all, Envoy's waits",
    specs: stack(
      { policy: 'timeout', ms: 10_000 },
      {
        policy: 'retry',
        attempts: 4,
        on: ['refused', 'connection-lost', 'timeout', 'error'],
        backOff: 'full-jitter',
        baseMs: 25,
        maxMs: 250,
      },
      { policy: 'timeout', ms: 2000 },
    ),
  },
  /** For callers that prefer waiting for a restart to failing: growing, jittered waits, and a budget. */
  patient: {
    title: 'survives a restart: up to 10 tries of 2 s in 30 s, waits of 0.1 to 5 s, within a budget',
    specs: stack(
      { policy: 'timeout', ms: 30_000 },
      { policy: 'retry', attempts: 10, backOff: 'decorrelated-jitter', baseMs: 100, maxMs: 5000, budget: {} },
      { policy: 'timeout', ms: 2000 },
    ),
  },
};

/** Defaults filled in, as in a scenario. */
function stack(...specs: PolicySpec[]): PolicySpec[] {
  return specs.map((spec) => policySpecSchema.parse(spec));
}
