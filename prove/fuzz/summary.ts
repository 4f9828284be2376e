import type { Ended } from './run-range.ts';

/** What a seed came to, over one state of the code. */
export interface Summary {
  readonly seed: number;
  readonly commit: string;
  readonly cases: number;
  readonly kinds: Readonly<Record<string, KindSummary>>;
  readonly failed: readonly {
    readonly id: number;
    readonly kind: string;
    readonly problems: readonly string[];
  }[];
}

interface KindSummary {
  readonly cases: number;
  /** How often each exit code came. */
  readonly codes: Readonly<Record<string, number>>;
  readonly slowestCpuMs: number;
  /** Resident memory of the process that ran it and those before. */
  readonly peakMb: number;
}

export function emptySummary(seed: number, commit: string): Summary {
  return { seed, commit, cases: 0, kinds: {}, failed: [] };
}

export function withOutcome(summary: Summary, { id, kind, code, cpuMs, problems, peakMb }: Ended): Summary {
  const {
    cases,
    codes,
    slowestCpuMs,
    peakMb: peak,
  } = summary.kinds[kind] ?? {
    cases: 0,
    codes: {},
    slowestCpuMs: 0,
    peakMb: 0,
  };
  const own: KindSummary = {
    cases: cases + 1,
    codes: { ...codes, [code]: (codes[code] ?? 0) + 1 },
    slowestCpuMs: Math.max(slowestCpuMs, cpuMs),
    peakMb: Math.max(peak, peakMb ?? 0),
  };
  return {
    ...summary,
    cases: id + 1,
    kinds: { ...summary.kinds, [kind]: own },
    failed: problems.length > 0 ? [...summary.failed, { id, kind, problems }] : summary.failed,
  };
}
