import { CHECKED_QUANTILES } from '../../../bench/tools/schedule-error.ts';
import { type BenchRecord, benchSchema, type Turn } from '../../../bench/tools/record.ts';
import { worksOf } from '../../../bench/tools/works.ts';
import { REST, resultOf } from '../result.ts';

type Figures = readonly (number | undefined)[];

/** p50, p90, p99, p99.9. */
function quantiles(ms: Figures) {
  return CHECKED_QUANTILES.flatMap((quantile, i) => (ms[i] === undefined ? [] : [{ quantile, ms: ms[i] }]));
}

export interface Acted {
  readonly arrived?: number;
  readonly recorded?: number;
  readonly samples?: number;
  readonly errors?: number;
  readonly error?: Figures;
  readonly says?: Figures;
  readonly lag?: Figures;
  readonly cpuUs?: number;
  readonly othersCores?: number;
  readonly failure?: string;
}

/** By tool and then by the id of the work; what is left out is as it should be. */
export type Story = Readonly<Record<string, Readonly<Record<string, Acted>>>>;

const GET: Readonly<Record<string, string>> = {
  oha: 'cargo install oha --locked, https://github.com/hatoo/oha',
};

export function measured(story: Story, rounds = 1): BenchRecord {
  const works = worksOf('http', { ratesPerS: [2000, 10_000], seconds: 5, ratesOnly: false });
  const turns: Turn[] = [];
  for (let round = 1; round <= rounds; round++) {
    for (const work of works) {
      for (const tool of Object.keys(story))
        turns.push(turnOf(work, tool, round, story[tool]![work.id] ?? {}));
    }
  }
  return benchSchema.parse({
    format: 'commbench-judge',
    version: 1,
    commbench: '0.1.0',
    startedAt: '2026-11-02T10:00:00.000Z',
    finishedAt: '2026-11-02T10:05:00.000Z',
    state: 'complete',
    seed: 7,
    rounds,
    connections: 32,
    environment: resultOf([REST], []).environment,
    works,
    tools: [
      ...Object.keys(story).map((name) => ({
        name,
        protocol: 'http',
        version: '1.2.3',
        isThere: true,
        get: null,
      })),
      { name: 'oha', protocol: 'http', version: null, isThere: false, get: GET['oha'] },
    ],
    turns,
  });
}

function turnOf(work: BenchRecord['works'][number], tool: string, round: number, acted: Acted): Turn {
  const due = work.kind === 'one' ? 1 : Math.round(work.ratePerS * work.seconds);
  const frozenMs = work.kind === 'freeze' ? 1400 : null;
  const usual =
    work.kind === 'freeze'
      ? [0.3, 430, 1304, 1391]
      : work.kind === 'hold'
        ? [20.3, 20.5, 22, 25]
        : [0.3, 0.4, 2, 8];
  const {
    arrived = due,
    recorded = arrived,
    failure = null,
    says = usual,
    error = [0.02, 0.1, 1.5, 3],
  } = acted;
  return {
    work: work.id,
    tool,
    round,
    failure,
    wallMs: work.kind === 'one' ? 40 : work.seconds * 1000 + 60,
    cpuUsPerRequest: acted.cpuUs ?? 80,
    othersCores: acted.othersCores ?? 0.1,
    said:
      failure === null
        ? {
            count: recorded,
            samples: acted.samples ?? null,
            errors: acted.errors ?? 0,
            dropped: null,
            latencyMs: quantiles(says),
            lagMs: quantiles(acted.lag ?? []),
          }
        : null,
    seen: {
      count: arrived,
      errorMs: work.kind === 'one' ? [] : quantiles(error),
      delayedMs: work.kind === 'hold' ? quantiles([20.05, 20.1, 20.4, 21]) : [],
      frozenMs,
    },
  };
}
