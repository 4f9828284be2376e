import { encodeIntoCompressedBase64, Int32Histogram } from 'hdr-histogram-js';
import { describe, expect, it } from 'vitest';
import { checkPage, checkScreen, type TableCheck } from '../../prove/recompute/check.ts';
import { sidesOf } from '../../prove/recompute/derived.ts';
import { isSound } from '../../prove/recompute/evidence.ts';
import { decodeHdr } from '../../prove/recompute/figures/hdr.ts';
import { hasTrend } from '../../prove/recompute/figures/trend.ts';
import type { StoredPhase, StoredRecord, StoredTrial } from '../../prove/recompute/pages/stored.ts';
import { checkRecord } from '../../prove/recompute/record-check.ts';
import { allRules } from '../../prove/recompute/rules.ts';
import { draw } from '../../src/kernel/random.ts';
import { trendOf } from '../../src/measure/stats/trend.ts';
import { type Shown, SHOWN } from '../support/records/recomputed.ts';
import { printed } from '../support/reporters.ts';

const rules = await allRules();

/** As a file has it. */
function storedOf({ record, baseline }: Shown): StoredRecord {
  const [candidate, before] = [record, baseline].map((one) =>
    one ? (JSON.parse(JSON.stringify(one)) as StoredRecord) : undefined,
  );
  return before ? sidesOf(before, candidate!) : candidate!;
}

const cached = new Map<string, ReturnType<typeof madeShown>>();

function shown(name: string): ReturnType<typeof madeShown> {
  const found = cached.get(name) ?? madeShown(name);
  cached.set(name, found);
  return found;
}

async function madeShown(name: string) {
  const found = await SHOWN[name]!();
  return {
    stored: storedOf(found),
    markdown: printed(found.view, 'markdown'),
    json: printed(found.view, 'json'),
  };
}

function deviating(tables: readonly TableCheck[]): string[] {
  return tables.flatMap(({ heading, deviations, notRecomputed }) => [
    ...deviations.map(({ at, printed: cell, own }) => `${heading}: ${at}: ${cell} | ${own}`),
    ...notRecomputed.map((what) => `${heading}: not recomputed: ${what}`),
  ]);
}

describe('each kind of record', () => {
  it.each(Object.keys(SHOWN))('%s agrees in every cell, on its page and its screen', async (name) => {
    const { stored, markdown, json } = await shown(name);
    const page = checkPage(stored, markdown, rules);
    expect(deviating([...page, ...checkScreen(stored, json, rules)])).toEqual([]);
    expect(page.every((table) => isSound({ file: '', tables: [table] }))).toBe(true);
    expect(page.reduce((sum, { figures }) => sum + figures, 0)).toBeGreaterThan(5);
  });
});

/** The last row of each table, with another digit in its first figure. */
function otherFigures(markdown: string): { readonly row: string; readonly page: string }[] {
  const lines = markdown.split('\n');
  return lines.flatMap((line, at) => {
    const isLast = line.startsWith('| ') && !lines[at + 1]?.startsWith('| ');
    const found = isLast ? /^(\| .*? \| .*?)(\d)(.*)$/.exec(line) : null;
    if (!found) return [];
    const [, before, digit, after] = found;
    const other = `${before}${(Number(digit) + 1) % 10}${after}`;
    return [{ row: line, page: lines.with(at, other).join('\n') }];
  });
}

describe('a page with another figure', () => {
  it.each(Object.keys(SHOWN))('of %s deviates, in whatever table that is', async (name) => {
    const { stored, markdown } = await shown(name);
    const others = otherFigures(markdown);
    expect(others.length).toBeGreaterThan(0);
    const unseen = others.filter(({ page }) => deviating(checkPage(stored, page, rules)).length === 0);
    expect(unseen.map(({ row }) => row)).toEqual([]);
  });
});

type Series = StoredPhase['response'];

/** Each sample takes twice as long. */
function doubled(series: Series): Series {
  const histogram = new Int32Histogram(1, 600_000_000, 3);
  for (const { low, count } of decodeHdr(series.histogram)) histogram.recordValueWithCount(2 * low, count);
  const intervalMaximaUs = series.intervalMaximaUs.map((us) => us && 2 * us);
  return { ...series, intervalMaximaUs, histogram: encodeIntoCompressedBase64(histogram) };
}

/** The first phase's responses and completions. */
function slower(trial: StoredTrial): StoredTrial {
  const [first, ...others] = trial.phases;
  const response = doubled(first!.response);
  return { ...trial, phases: [{ ...first!, response, completion: doubled(first!.completion) }, ...others] };
}

/** Everything from the first fault on fails. */
function failing(trial: StoredTrial): StoredTrial {
  const phases = trial.phases.map((phase, i) => (i === 0 ? phase : { ...phase, correct: 0 }));
  return { ...trial, phases };
}

/** All edges see ten times the tries. */
function trying({ hops, ...trial }: StoredTrial): StoredTrial {
  const edges = hops!.edges.map((edge) => {
    return { ...edge, phases: edge.phases.map((one) => ({ ...one, attempts: 10 * one.attempts })) };
  });
  return { ...trial, hops: { ...hops!, edges } };
}

/** Broker and service use in the second round what they never do again. */
function costly(trial: StoredTrial): StoredTrial {
  return { ...trial, cost: { ...trial.cost, serviceUs: 5000, brokerUs: 5000 } };
}

function silent(trial: StoredTrial): StoredTrial {
  const change = trial.contractChange!;
  const counts = { ...change.counts, held: change.counts.held - 40, silent: change.counts.silent + 40 };
  return { ...trial, contractChange: { ...change, counts } };
}

interface Altered {
  readonly of: string;
  /** Of this trial, the first that is so. */
  readonly is: (trial: StoredTrial) => boolean;
  readonly change: (trial: StoredTrial) => StoredTrial;
  readonly sees: readonly RegExp[];
}

const isOf =
  (pattern: string, variant: string | null = null, round = 1) =>
  (trial: StoredTrial) =>
    trial.pattern === pattern && (trial.variant ?? null) === variant && trial.round === round;

const ALTERED: readonly Altered[] = [
  {
    of: 'two regimes',
    is: isOf('grpc', 'w21'),
    change: slower,
    sees: [
      /^Claimed by the guides → measured: row 2, gRPC: Latency, 21 ms of work: /,
      /^Completion p50, by variant: row 2, gRPC: 21 ms of work: /,
      /^screen: guides: row 2, gRPC: Latency, 21 ms of work: /,
    ],
  },
  {
    of: 'regimes',
    is: isOf('rest', 'w21-r200'),
    change: slower,
    sees: [
      /^Medians by work .*: row 1, REST: 21 ms, 200\/s: /,
      /^Medians by work .*: row 4, gRPC: 21 ms, 200\/s: /,
    ],
  },
  {
    of: 'alternatives of patterns',
    is: isOf('queue-client'),
    change: slower,
    sees: [/^Library or pattern: .*, Message queue, rabbitmq-client: Beside REST: /],
  },
  {
    of: 'another contract',
    is: isOf('grpc', 'renamed'),
    change: silent,
    sees: [/^Calls of old callers .*, gRPC: Silently stored otherwise: /],
  },
  {
    of: 'variants',
    is: isOf('grpc', 'mb1'),
    change: slower,
    sees: [/^Completion p50, by variant: row 2, gRPC: 1 MB: /],
  },
  {
    of: 'drifting patterns',
    is: isOf('queue', 'w0', 2),
    change: costly,
    sees: [
      /^Without a fault: .*, Message queue: Completion p50: .* → /,
      /^CPU per request, .*, Message queue: CPU broker: .* → /,
      /^Claimed by the guides .*, Message queue: Latency: /,
      /^screen: guides: .*, Message queue: Completion time p50: .* → /,
    ],
  },
  {
    of: 'thresholds in noise',
    is: isOf('rest', 'w0', 2),
    change: (trial) => ({ ...trial, validity: { ...trial.validity, verdict: 'incomplete' } }),
    sees: [/^Thresholds: row 1, REST: Verdict: /],
  },
  {
    of: 'thresholds in noise',
    is: isOf('grpc', 'w21', 4),
    change: slower,
    sees: [/^Thresholds: .*, gRPC: Measured: /],
  },
  {
    of: 'ab under faults',
    is: (trial) => trial.arm === 'b' && trial.round === 3,
    change: failing,
    sees: [/^Candidate over baseline, .*: Candidate − baseline: /],
  },
  {
    of: 'ab under faults',
    is: (trial) => trial.arm === 'a' && trial.round === 3,
    change: trying,
    sees: [/^Under the faults: .*: Baseline: /, /^Under the faults: .*: Difference: /],
  },
  {
    of: 'a setting under faults',
    is: (trial) => trial.value === 1000 && trial.round === 3,
    change: failing,
    sees: [
      /^By policies\.breaker\.0\.openMs: row 2, REST: Correct from the fault on \(range of the rounds\): /,
    ],
  },
  {
    of: 'a setting under faults',
    is: (trial) => trial.value === 200 && trial.round === 3,
    change: trying,
    sees: [/^By policies\.breaker\.0\.openMs: row 1, REST: Tries per call: /],
  },
  {
    of: 'a setting without faults',
    is: (trial) => trial.value === 200 && trial.pattern === 'rest',
    change: slower,
    sees: [/^By policies\.breaker\.0\.openMs: row 1, REST: Response p50, or completion p50 /],
  },
  {
    of: 'two runs with variants',
    is: (trial) => trial.arm === 'b' && trial.pattern === 'grpc' && trial.variant === 'kb10',
    change: slower,
    sees: [/^Candidate over baseline, .*: row 5, gRPC: Candidate \/ baseline: /],
  },
];

describe('a record with another sample or count', () => {
  it.each(ALTERED)('of $of deviates from what was printed of it: $sees', async ({ of, is, change, sees }) => {
    const { stored, markdown, json } = await shown(of);
    const at = stored.trials.findIndex(is);
    const other = { ...stored, trials: stored.trials.with(at, change(stored.trials[at]!)) };
    const found = deviating([...checkPage(other, markdown, rules), ...checkScreen(other, json, rules)]);
    for (const one of sees) expect(found).toContainEqual(expect.stringMatching(one));
  });

  it('with a fault that ended otherwise deviates from its phases', async () => {
    const { stored, markdown } = await shown('a slow restart');
    const ofPhases = (record: StoredRecord) =>
      checkRecord(record).deviations.flatMap(({ at }) =>
        /: phases$|: name of the phase/.test(at) ? [at] : [],
      );
    expect(ofPhases(stored)).toEqual([]);
    const trials = stored.trials.map((trial) => {
      const faults = trial.faults.map((fault) => {
        return { ...fault, readyNs: fault.plannedAtNs + fault.plannedForNs };
      });
      return { ...trial, faults };
    });
    expect(ofPhases({ ...stored, trials })).toContainEqual(expect.stringMatching(/none, fault: phases$/));
    // Without its longer phase the fault would seem to have harmed fewer calls.
    const found = deviating(checkPage({ ...stored, trials }, markdown, rules));
    expect(found).toContainEqual(
      expect.stringMatching(/^Faults: planned, injected, observed: .*: Ready at: /),
    );
  });

  it('of a contract whose calls have more than one end each deviates from itself', async () => {
    const { stored } = await shown('another contract');
    const trials = stored.trials.map((trial) => ({ ...trial, planned: trial.planned + 1 }));
    const found = checkRecord({ ...stored, trials }).deviations.map(({ at }) => at);
    expect(found).toContainEqual(expect.stringContaining('ends of calls under another contract'));
  });
});

describe('a trend over rounds', () => {
  it('is seen where the test of the report sees one', () => {
    const least = 0.1;
    expect(hasTrend([5, 4, 3, 2, 1], 0.05 / 3, least)).toBe(true);
    expect(hasTrend([5, 4, 3, 2], 0.05 / 3, least)).toBe(false);
    expect(hasTrend([5, 4, 3, 1, 2], 0.05 / 3, least)).toBe(false);
    expect(hasTrend([1.04, 1.03, 1.02, 1.01, 1], 0.05 / 3, least)).toBe(false);
    for (let series = 0; series < 300; series++) {
      const values = Array.from(
        { length: 5 + (series % 6) },
        (_, i) => 1 + 0.3 * i + 2 * draw(series, 'noise', i),
      );
      expect([values, hasTrend(values, 0.05, 0)]).toEqual([values, trendOf(values, 0.05) !== undefined]);
    }
  });
});
