import type { QuantileMs } from './schedule-error.ts';
import type { Said } from './record.ts';

/** What each tool prints, read. Fields as of the versions that test/bench were recorded with. */

type Numbers = Readonly<Record<string, number>>;

const SILENT: Said = { count: null, samples: null, errors: null, dropped: null, latencyMs: [], lagMs: [] };

/** @param by from each quantile to its figure, in units of `unitMs` */
function quantiles(unitMs: number, by: readonly (readonly [number, number | undefined])[]): QuantileMs[] {
  return by.flatMap(([quantile, value]) => (value === undefined ? [] : [{ quantile, ms: value * unitMs }]));
}

function sumOf(counts: Numbers | undefined): number {
  return Object.values(counts ?? {}).reduce((sum, n) => sum + n, 0);
}

/** Of the first brace on: some print a line before. */
function jsonIn(text: string): unknown {
  return JSON.parse(text.slice(Math.max(0, text.indexOf('{'))));
}

/** `http_req_duration` of k6 is without the wait for a free virtual user. */
export function readK6(_output: string, file: () => string): Said {
  type Metric = { readonly values: Numbers } | undefined;
  const metrics = JSON.parse(file()) as Readonly<Record<string, Metric>>;
  const { count } = metrics['http_reqs']!.values;
  const duration = metrics['http_req_duration']!.values;
  return {
    ...SILENT,
    count: count!,
    errors: Math.round((metrics['http_req_failed']?.values['rate'] ?? 0) * count!),
    dropped: metrics['dropped_iterations']?.values['count'] ?? 0,
    latencyMs: quantiles(1, [
      [0.5, duration['med']],
      [0.9, duration['p(90)']],
      [0.99, duration['p(99)']],
      [0.999, duration['p(99.9)']],
    ]),
  };
}

export function readOha(output: string): Said {
  const { latencyPercentiles: p, ...rest } = jsonIn(output) as {
    readonly latencyPercentiles: Numbers;
    readonly statusCodeDistribution: Numbers;
    readonly errorDistribution: Numbers;
  };
  return {
    ...SILENT,
    count: sumOf(rest.statusCodeDistribution),
    errors: sumOf(rest.errorDistribution),
    latencyMs: quantiles(1000, [
      [0.5, p['p50']],
      [0.9, p['p90']],
      [0.99, p['p99']],
      [0.999, p['p99.9']],
    ]),
  };
}

/** Whole milliseconds. In its rate mode it makes up samples: `latency.totalCount` of them. */
export function readAutocannon(output: string): Said {
  const { latency, requests, errors, non2xx } = jsonIn(output) as {
    readonly latency: Numbers;
    readonly requests: Numbers;
    readonly errors: number;
    readonly non2xx: number;
  };
  return {
    ...SILENT,
    count: requests['total']!,
    samples: latency['totalCount']!,
    errors: errors + non2xx,
    latencyMs: quantiles(1, [
      [0.5, latency['p50']],
      [0.9, latency['p90']],
      [0.99, latency['p99']],
      [0.999, latency['p99_9']],
    ]),
  };
}

export function readFortio(_output: string, file: () => string): Said {
  const { DurationHistogram: histogram, RetCodes: codes } = JSON.parse(file()) as {
    readonly DurationHistogram: {
      readonly Count: number;
      readonly Percentiles?: readonly { readonly Percentile: number; readonly Value: number }[];
    };
    readonly RetCodes: Numbers;
  };
  const percentiles = histogram.Percentiles ?? [];
  return {
    ...SILENT,
    count: histogram.Count,
    errors: histogram.Count - (codes['200'] ?? 0),
    latencyMs: quantiles(
      1000,
      percentiles.map(({ Percentile, Value }) => [Number((Percentile / 100).toPrecision(6)), Value] as const),
    ),
  };
}

export function readHey(output: string): Said {
  const number = (pattern: RegExp): number | undefined => {
    const [, text] = pattern.exec(output) ?? [];
    return text === undefined ? undefined : Number(text);
  };
  const count = number(/\[200\]\s+(\d+) responses/);
  if (count === undefined) throw new Error('Expected the number of responses');
  const errors = [...output.matchAll(/^\s+\[(\d+)\]\s+(?:Get|Post)/gm)];
  return {
    ...SILENT,
    count,
    errors: errors.reduce((sum, [, n]) => sum + Number(n), 0),
    latencyMs: quantiles(1000, [
      [0.5, number(/50%+ in ([\d.]+)/)],
      [0.9, number(/90%+ in ([\d.]+)/)],
      [0.99, number(/99%+ in ([\d.]+)/)],
    ]),
  };
}

export function readGhz(_output: string, file: () => string): Said {
  const { count, errorDistribution, latencyDistribution } = JSON.parse(file()) as {
    readonly count: number;
    readonly errorDistribution?: Numbers;
    readonly latencyDistribution?:
      | readonly { readonly percentage: number; readonly latency: number }[]
      | null;
  };
  const errors = sumOf(errorDistribution);
  const at = (percentage: number) =>
    latencyDistribution?.find((one) => one.percentage === percentage)?.latency;
  return {
    ...SILENT,
    count: count - errors,
    errors,
    latencyMs: quantiles(1e-6, [
      [0.5, at(50)],
      [0.9, at(90)],
      [0.99, at(99)],
    ]),
  };
}

/** Of a tool of the user's own: a last line of JSON, `{"count":…,"errors":…,"p50":…,"p90":…,"p99":…,"p999":…}`, in ms; or nothing. */
export function readOwn(output: string): Said {
  const last = output.trim().split('\n').at(-1) ?? '';
  let found: Partial<Numbers>;
  try {
    found = JSON.parse(last) as Partial<Numbers>;
  } catch {
    return SILENT;
  }
  if (typeof found !== 'object' || found === null || typeof found['count'] !== 'number') return SILENT;
  return {
    ...SILENT,
    count: found['count'],
    errors: found['errors'] ?? null,
    latencyMs: quantiles(1, [
      [0.5, found['p50']],
      [0.9, found['p90']],
      [0.99, found['p99']],
      [0.999, found['p999']],
    ]),
  };
}
